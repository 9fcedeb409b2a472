import { expect } from 'chai';
import fc from 'fast-check';
import { fullName, parsePersonName, splitName } from '../../../src/domain/values/person-name.ts';

const anyString = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

describe('person name', () => {
  for (const name of [
    'Somchai',
    'สมชาย',
    'น้ำฝน',
    'ใจดี ณ อยุธยา',
    "O'Neil",
    'O’Neil',
    'Anne-Marie',
    'St. John',
    "'t Hooft",
    'Łukasz',
    'J',
    'ก'.repeat(50),
  ]) {
    it(`reads ${name}`, () => expect(parsePersonName(name)).to.equal(name));
  }

  it('drops spaces around it and composes', () => {
    expect(parsePersonName('  Somchai ')).to.equal('Somchai');
    expect(parsePersonName('Jose\u0301')).to.equal('José');
    expect(parsePersonName('e\u0301'.repeat(50))).to.equal('é'.repeat(50));
  });

  for (const [what, name] of Object.entries({
    nothing: '',
    spaces: '   ',
    'no letter': "-.'",
    '51 characters': 'ก'.repeat(51),
    'fifty kilobytes': ' '.repeat(50_000),
    digits: 'Somchai2',
    'Thai digits': 'สมชาย๒',
    'other scripts': 'Сомчай',
    'an emoji': 'Somchai😀',
    markup: '<b>Somchai</b>',
    'a comma': 'Chai, Som',
    'an underscore': 'som_chai',
    'the baht sign': 'สมชาย฿',
    'a NUL': 'Som\0chai',
    'a tab': 'Som\tchai',
    'a line break at the end': 'Somchai\n',
    'a no-break space': 'Som\u00a0chai',
    'a zero-width space': 'Som\u200bchai',
    'a right-to-left override': 'Som\u202echai',
    'a direction isolate': '\u2066Somchai\u2069',
    'a mark without a letter': '\u0301Somchai',
    'an unpaired surrogate': 'Som\ud800chai',
  })) {
    it(`refuses ${what}`, () => expect(parsePersonName(name)).to.equal(undefined));
  }

  it('is stable, and never throws', () => {
    const likely = fc.string({ unit: fc.constantFrom(..."aZé\u0301กน้ำ '’.-1"), maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(anyString, likely), (input) => {
        const name = parsePersonName(input);
        if (name === undefined) return;
        expect(parsePersonName(name)).to.equal(name);
        expect([...name].length).to.be.within(1, 50);
      }),
    );
  });

  it('joins and splits', () => {
    expect(fullName('Somchai', 'Jaidee')).to.equal('Somchai Jaidee');
    expect(fullName('Somchai', '')).to.equal('Somchai');
    expect(splitName('Somchai Jaidee')).to.deep.equal({ firstName: 'Somchai', lastName: 'Jaidee' });
    expect(splitName(' ใจดี  ณ อยุธยา ')).to.deep.equal({ firstName: 'ใจดี', lastName: 'ณ อยุธยา' });
    expect(splitName('Somchai')).to.deep.equal({ firstName: 'Somchai', lastName: '' });
    expect(splitName('')).to.deep.equal({ firstName: '', lastName: '' });
  });

  it('splits what it joined when the first name is one word', () => {
    const word = fc.stringMatching(/^[a-zก-ฮ]{1,10}$/);
    const words = fc.array(word, { maxLength: 3 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(word, words, (firstName, lastName) => {
        expect(splitName(fullName(firstName, lastName))).to.deep.equal({ firstName, lastName });
      }),
    );
  });
});
