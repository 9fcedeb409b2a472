import { expect } from 'chai';
import fc from 'fast-check';
import { maskMobile, nationalMobile, parseMobile } from '../../../src/domain/values/mobile.ts';
import { spelledNumber } from '../../support/spellings.ts';

const anyString = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});
const thaiMobile = fc
  .tuple(fc.constantFrom('81', '87', '89', '91', '95', '61', '64'), fc.integer({ min: 0, max: 9_999_999 }))
  .map(([prefix, rest]) => `+66${prefix}${String(rest).padStart(7, '0')}`);

describe('mobile', () => {
  for (const input of [
    '0879630303',
    '+66879630303',
    '66879630303',
    '087-963-0303',
    '087 963 0303',
    '+66 87-963 0303',
    ' 0879630303 ',
    '087.963.0303',
    '(087) 963-0303',
    '087--963 \u00a0 0303',
    '087\u00a0963\u202f0303',
    '087\u2011963\u20130303',
    '\u202a+66 87 963 0303\u202c',
    '\u2066087 963 0303\u2069',
    '0066879630303',
    '00 66 87 963 0303',
    '+66 (0)87 963 0303',
    '+66 ( 0 ) 87 963 0303',
    '+660879630303',
    '66 087 963 0303',
    '(+66) 87 963 0303',
    '๐๘๗-๙๖๓-๐๓๐๓',
    '０８７９６３０３０３',
    '＋６６（０）８７９６３０３０３',
  ]) {
    it(`reads ${JSON.stringify(input)}`, () => expect(parseMobile(input)).to.equal('+66879630303'));
  }

  for (const [what, input] of Object.entries({
    nothing: '',
    'a number that is no Thai one': '082232856363',
    'too few digits': '087963030',
    'a fixed line': '022345678',
    'a fixed line in E.164': '+6622345678',
    'a free-call number': '1800123456',
    'an unassigned prefix': '0512345678',
    'no leading zero': '879630303',
    'a carrier prefix': '00966879630303',
    'two zeros after the country code': '+6600879630303',
    'superscript digits': '⁰⁸⁷⁹⁶³⁰³⁰³',
    letters: '087963030a',
    words: 'call 0879630303',
    'an extension': '0879630303 ext 5',
    'a tel URI': 'tel:+66879630303',
    'two plus signs': '++66879630303',
    'a plus sign inside': '0879+630303',
    'a slash': '087/963/0303',
    'a comma': '087,963,0303',
    'a NUL': '0879630303\0',
    'a line break': '087963\n0303',
    'two numbers': '0879630303 0879630303',
    'fifty kilobytes': '0'.repeat(50_000),
    'a foreign number without its plus sign': '6282232856363',
  })) {
    it(`refuses ${what}`, () => expect(parseMobile(input)).to.equal(undefined));
  }

  it('finds the number of any country where no list is given', () => {
    expect(parseMobile('+62 822-3285-6363')).to.equal('+6282232856363');
    expect(parseMobile('+6282232856363', { countries: ['TH'] })).to.equal(undefined);
  });

  it('reads foreign numbers of the listed countries, with a plus sign or 00 only', () => {
    const countries = ['TH', 'ID'];
    expect(parseMobile('+62 822-3285-6363', { countries })).to.equal('+6282232856363');
    expect(parseMobile('+62 (0)822-3285-6363', { countries })).to.equal('+6282232856363');
    expect(parseMobile('0062 822.3285.6363', { countries })).to.equal('+6282232856363');
    expect(parseMobile('6282232856363', { countries })).to.equal(undefined);
    expect(parseMobile('082232856363', { countries })).to.equal(undefined);
    expect(parseMobile('0879630303', { countries })).to.equal('+66879630303');
    expect(parseMobile('0879630303', { countries: ['ID'] })).to.equal(undefined);
  });

  it('reads every spelling of a number back to it', () => {
    fc.assert(
      fc.property(thaiMobile, (e164) => {
        fc.pre(parseMobile(e164) !== undefined);
        expect(parseMobile(e164)).to.equal(e164);
        expect(parseMobile(e164.slice(1))).to.equal(e164);
        expect(nationalMobile(e164)).to.match(/^0\d{9}$/);
        expect(parseMobile(nationalMobile(e164))).to.equal(e164);
      }),
    );
  });

  it('reads a number however it is grouped, marked and written', () => {
    const typed = thaiMobile.chain((e164) => {
      const { length } = '+66';
      const spellings = [
        e164,
        e164.slice(1),
        nationalMobile(e164),
        `00${e164.slice(1)}`,
        `+660${e164.slice(length)}`,
      ];
      return fc.tuple(fc.constant(e164), fc.constantFrom(...spellings).chain(spelledNumber));
    });
    fc.assert(
      fc.property(typed, ([e164, spelling]) => {
        fc.pre(parseMobile(e164) !== undefined);
        expect(parseMobile(spelling, { countries: ['TH'] })).to.equal(e164);
      }),
    );
  });

  it('answers undefined or E.164 for any string', () => {
    fc.assert(
      fc.property(fc.oneof(anyString, fc.stringMatching(/^\+?[0-9 .()-]{0,20}$/)), (input) => {
        expect(parseMobile(input, { countries: ['TH'] }) ?? '+66800000000').to.match(/^\+66[689]\d{8}$/);
      }),
    );
  });

  it('writes the national form, and leaves foreign numbers in E.164', () => {
    expect(nationalMobile('+66879630303')).to.equal('0879630303');
    expect(nationalMobile('+6282232856363')).to.equal('+6282232856363');
  });

  it('masks all but two and four digits', () => expect(maskMobile('+66812345678')).to.equal('08x-xxx-5678'));
});
