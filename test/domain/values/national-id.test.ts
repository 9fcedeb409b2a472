import { expect } from 'chai';
import fc from 'fast-check';
import { parseNationalId } from '../../../src/domain/values/national-id.ts';
import { spelledNumber } from '../../support/spellings.ts';

const anyString = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

describe('national id', () => {
  it('reads 13 digits with the right check digit, with or without separators', () => {
    for (const input of [
      '1101700230708',
      '1-1017-00230-70-8',
      '1 1017 00230 70 8',
      ' 1101700230708 ',
      '1.1017(00230)70--8',
      '๑-๑๐๑๗-๐๐๒๓๐-๗๐-๘',
      '１１０１７００２３０７０８',
    ]) {
      expect(parseNationalId(input), input).to.equal('1101700230708');
    }
    expect(parseNationalId('1234567890121')).to.equal('1234567890121');
  });

  for (const [what, input] of Object.entries({
    nothing: '',
    'a wrong check digit': '1234567890122',
    '12 digits': '123456789012',
    '14 digits': '12345678901210',
    letters: '123456789012A',
    'a slash': '1/234567890121',
    'a NUL': '1234567890121\0',
    'fifty kilobytes': '1'.repeat(50_000),
  })) {
    it(`refuses ${what}`, () => expect(parseNationalId(input)).to.equal(undefined));
  }

  it('refuses thirteen equal digits', () => {
    for (const digit of '0123456789') expect(parseNationalId(digit.repeat(13)), digit).to.equal(undefined);
  });

  it('reads a national id however it is grouped, marked and written', () => {
    fc.assert(
      fc.property(spelledNumber('1101700230708'), (typed) => {
        expect(parseNationalId(typed)).to.equal('1101700230708');
      }),
    );
  });

  it('knows exactly one check digit for every twelve digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{12}$/), (twelve) => {
        const right = [...'0123456789'].filter((digit) => parseNationalId(twelve + digit));
        expect(right).to.have.length(1);
      }),
    );
  });

  it('answers undefined or 13 digits for any string', () => {
    fc.assert(
      fc.property(fc.oneof(anyString, fc.stringMatching(/^[0-9 -]{12,17}$/)), (input) => {
        const id = parseNationalId(input);
        if (id === undefined) return;
        expect(id).to.match(/^\d{13}$/);
        expect(parseNationalId(id)).to.equal(id);
      }),
    );
  });
});
