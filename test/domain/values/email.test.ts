import { expect } from 'chai';
import fc from 'fast-check';
import { maskEmail, parseEmail } from '../../../src/domain/values/email.ts';

const anyString = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});
const atom = fc.string({
  unit: fc.constantFrom(...'aZ9+_-!ßİıſσςΣKéก้ำﬁＡ'),
  minLength: 1,
  maxLength: 8,
});
const host = fc.constantFrom(
  'example.com',
  'Example.CO.TH',
  'münchen.de',
  'ตัวอย่าง.ไทย',
  'น้ำ.ไทย',
  'xn--mnchen-3ya.de',
);
const address = fc.tuple(atom, host).map(([local, domain]) => `${local}@${domain}`);

const key = (input: string): string | undefined => parseEmail(input)?.key;

describe('email', () => {
  for (const [input, value, expectedKey] of [
    ['somchai@example.com', 'somchai@example.com', 'somchai@example.com'],
    ['Som.Chai+tag@Example.COM', 'Som.Chai+tag@example.com', 'som.chai+tag@example.com'],
    ["o'neil!#$%&*/=?^_`{|}~-@a-b.co", "o'neil!#$%&*/=?^_`{|}~-@a-b.co", "o'neil!#$%&*/=?^_`{|}~-@a-b.co"],
    ['a@MÜNCHEN.de', 'a@münchen.de', 'a@xn--mnchen-3ya.de'],
    ['a@XN--mnchen-3ya.de', 'a@xn--mnchen-3ya.de', 'a@xn--mnchen-3ya.de'],
    ['สมชาย@ตัวอย่าง.ไทย', 'สมชาย@ตัวอย่าง.ไทย', 'สมชาย@xn--72c1a1bt4awk9o.xn--o3cw4h'],
    ['a@ｅxample.com', 'a@example.com', 'a@example.com'],
    ['a@123.com', 'a@123.com', 'a@123.com'],
  ] as const) {
    it(`reads ${input}`, () => expect(parseEmail(input)).to.deep.equal({ value, key: expectedKey }));
  }

  for (const around of [
    ' ',
    '\u00a0',
    '\t',
    '\r\n',
    '\u3000',
    '\u202a',
    '\u2069',
    '\u200b',
    '\ufeff',
    ' \u202c\n',
  ]) {
    it(`drops ${JSON.stringify(around)} around an address`, () => {
      const read = { value: 'Somchai@example.com', key: 'somchai@example.com' };
      expect(parseEmail(`${around}Somchai@Example.com${around}`)).to.deep.equal(read);
    });
  }

  for (const [what, input] of Object.entries({
    nothing: '',
    'no @': 'somchai.example.com',
    'no local part': '@example.com',
    'no domain': 'somchai@',
    'two @': 'a@b@example.com',
    'a full-width @': 'somchai＠example.com',
    'a full-width @ beside a real one': 'a＠evil.com@example.com',
    'a display name': 'Somchai <somchai@example.com>',
    'angle brackets': '<somchai@example.com>',
    'a comment': 'somchai(x)@example.com',
    'a comment in the domain': 'somchai@example.com(x)',
    'a quoted local part': '"a@x.com b"@good.th',
    'a comma list': 'a@example.com,b@example.com',
    'a semicolon list': 'a@example.com;b@example.com',
    'a space inside': 'som chai@example.com',
    'CR LF': 'somchai@example.com\r\nBcc: b@example.com',
    'a line feed inside': 'somchai\n@example.com',
    'a no-break space inside': 'som\u00a0chai@example.com',
    'a NUL': 'som\0chai@example.com',
    'a backslash': 'som\\chai@example.com',
    'two dots': 'som..chai@example.com',
    'a leading dot': '.somchai@example.com',
    'a trailing dot': 'somchai.@example.com',
    'a single-label domain': 'somchai@localhost',
    'an IP literal': 'somchai@[127.0.0.1]',
    'an IP address': 'somchai@127.0.0.1',
    'a hexadecimal IP address': 'somchai@0x7f.1',
    'a domain with a port': 'somchai@example.com:25',
    'a percent-encoded domain': 'somchai@ex%61mple.com',
    'an ideographic full stop': 'somchai@example。com',
    'a soft hyphen': 'somchai@exam\u00adple.com',
    'a zero-width space': 'som\u200bchai@example.com',
    'a right-to-left override': 'som\u202echai@example.com',
    'an underscore in the domain': 'somchai@ex_ample.com',
    'an empty label': 'somchai@example..com',
    'a trailing dot in the domain': 'somchai@example.com.',
    'a label that begins with a hyphen': 'somchai@-example.com',
    'a label that ends with a hyphen': 'somchai@example-.com',
    'a label of 64': `somchai@${'a'.repeat(64)}.com`,
    'an A-label that stands for nothing': 'somchai@xn--a.com',
    'a ligature that unfolds into spaces': 'ﷺ@example.com',
    'an unpaired surrogate': 'a\ud800@example.com',
    'a local part of 65 bytes': `${'a'.repeat(65)}@example.com`,
    '101 characters': `${'a'.repeat(50)}@${'b'.repeat(46)}.com`,
    'fifty kilobytes': `${'a.'.repeat(25_000)}@example.com`,
  })) {
    it(`refuses ${what}`, () => expect(parseEmail(input)).to.equal(undefined));
  }

  it('reads 100 characters, a local part of 64 and a label of 63', () => {
    expect(parseEmail(`${'a'.repeat(50)}@${'b'.repeat(45)}.com`)).to.not.equal(undefined);
    expect(parseEmail(`${'a'.repeat(64)}@example.com`)).to.not.equal(undefined);
    expect(parseEmail(`a@${'b'.repeat(63)}.com`)).to.not.equal(undefined);
  });

  it('gives all spellings of one address one key', () => {
    expect(key('ＡＤＭＩＮ@example.com')).to.equal('admin@example.com');
    expect(key('a\u212a@example.com')).to.equal('ak@example.com');
    expect(key('E\u0301@example.com')).to.equal(key('\u00e9@example.com'));
    expect(key('ΑΣ@example.com')).to.equal(key('ασ@example.com'));
    expect(key('ẞ@example.com')).to.equal(key('ß@example.com'));
    expect(key('a@münchen.de')).to.equal(key('A@xn--mnchen-3ya.DE'));
  });

  it('keeps letters apart that only look or sound alike', () => {
    expect(key('faß@example.com')).to.not.equal(key('fass@example.com'));
    expect(key('İ@example.com')).to.not.equal(key('i@example.com'));
    expect(key('mıke@example.com')).to.not.equal(key('mike@example.com'));
    expect(key('аdmin@example.com')).to.not.equal(key('admin@example.com'));
    expect(key('a@faß.de')).to.not.equal(key('a@fass.de'));
  });

  it('reads its own value and key back to the same address', () => {
    fc.assert(
      fc.property(address, (input) => {
        const email = parseEmail(input);
        fc.pre(email !== undefined);
        expect(parseEmail(email!.value)).to.deep.equal(email);
        expect(key(email!.key)).to.equal(email!.key);
      }),
    );
  });

  it('gives upper and lower case of ASCII one key', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (input) => {
        expect(key(input.toUpperCase())).to.equal(key(input));
      }),
    );
  });

  it('is masked to its first character and its domain', () => {
    expect(maskEmail('somchai@example.com')).to.equal('s•••@example.com');
    expect(maskEmail('ก้อง@example.co.th')).to.equal('ก•••@example.co.th');
    expect(maskEmail('a@example.com')).to.equal('a•••@example.com');
  });

  it('never throws, and never lets a control character or a second @ through', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyString,
          anyString.map((text) => `${text}@example.com`),
          address,
        ),
        (input) => {
          const email = parseEmail(input) ?? { value: 'a@b.th', key: 'a@b.th' };
          expect(email.value).to.match(/^[^@\p{C}\s]+@[^@\p{C}\s]+$/u);
          expect(email.key).to.match(/^[^@\p{C}\s]+@[a-z0-9.-]+$/u);
        },
      ),
    );
  });
});
