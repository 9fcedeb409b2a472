import { expect } from 'chai';
import fc from 'fast-check';
import { isBirthDate, parseBirthDate } from '../../../src/domain/values/birth-date.ts';
import { formatDay } from '../../../src/domain/values/calendar-day.ts';

const TODAY = new Date('2026-03-15T05:00:00Z');
const anyString = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

describe('birth date', () => {
  it('reads dd/MM/yyyy', () => {
    expect(parseBirthDate('31/12/1987', TODAY)).to.equal('1987-12-31');
    expect(parseBirthDate('29/02/2000', TODAY)).to.equal('2000-02-29');
    expect(parseBirthDate('01/01/1900', TODAY)).to.equal('1900-01-01');
    expect(parseBirthDate('15/03/2026', TODAY)).to.equal('2026-03-15');
  });

  for (const [what, input] of Object.entries({
    nothing: '',
    tomorrow: '16/03/2026',
    'a Buddhist year': '31/12/2530',
    'a day before 1900': '31/12/1899',
    '30 February': '30/02/2000',
    '29 February of a common year': '29/02/1900',
    'month 13': '01/13/2000',
    'month 0': '01/00/2000',
    'day 0': '00/01/2000',
    'day 32': '32/01/2000',
    'year 0': '01/01/0000',
    'single digits': '1/2/1990',
    'two-digit years': '01/02/90',
    'the ISO notation': '1990-02-01',
    dashes: '01-02-1990',
    'text after it': '01/02/1990 ',
    'a line break': '01/02/1990\n',
    'Thai digits': '๐๑/๐๒/๑๙๙๐',
  })) {
    it(`refuses ${what}`, () => expect(parseBirthDate(input, TODAY)).to.equal(undefined));
  }

  it('reads the present day in the given time zone', () => {
    const evening = new Date('2026-03-15T17:30:00Z');
    expect(parseBirthDate('16/03/2026', evening)).to.equal('2026-03-16');
    expect(parseBirthDate('16/03/2026', evening, 'UTC')).to.equal(undefined);
  });

  it('checks ISO dates', () => {
    expect(isBirthDate('1987-12-31', TODAY)).to.equal(true);
    for (const iso of [
      '1987-02-29',
      '1987-2-1',
      '31/12/1987',
      '2026-03-16',
      '1899-12-31',
      '',
      '1987-12-31T00:00',
    ]) {
      expect(isBirthDate(iso, TODAY), iso).to.equal(false);
    }
  });

  it('reads back what it writes', () => {
    const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2026-03-14'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (day) => {
        const iso = day.toISOString().slice(0, 10);
        expect(formatDay(iso)).to.match(/^\d\d\/\d\d\/\d{4}$/);
        expect(parseBirthDate(formatDay(iso), TODAY)).to.equal(iso);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(anyString, fc.stringMatching(/^\d\d\/\d\d\/\d{4}$/)), (input) => {
        const iso = parseBirthDate(input, TODAY);
        if (iso !== undefined) expect(isBirthDate(iso, TODAY)).to.equal(true);
        expect(isBirthDate(input, TODAY)).to.equal(false);
      }),
    );
  });
});
