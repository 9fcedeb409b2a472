import { expect } from 'chai';
import { commonDay, dayInField, readBirthDate } from '../../../src/pages/kit/birth-date.ts';

const RULES = { today: new Date('2026-06-30T12:00:00Z'), timeZone: 'Asia/Bangkok' };

describe('the birth date on pages', () => {
  for (const typed of [
    '05/05/2533',
    '5/5/2533',
    '๐๕/๐๕/๒๕๓๓',
    '０５／０５／２５３３',
    ' 5-5-2533 ',
    '05.05.2533',
    '5\u00a05\u00a02533',
    '5 / 5 / 2533',
    '05052533',
    '\u202a05/05/2533\u202c',
    '1990-05-05',
  ]) {
    it(`reads ${JSON.stringify(typed)} as a day of 1990`, () => {
      expect(readBirthDate(typed, RULES)).to.deep.equal({ value: '1990-05-05' });
    });
  }

  it('names the years of the Common Era that are taken, when the year is another', () => {
    const wrong = { code: 'BIRTH_YEAR_WRONG', years: { first: 1900, last: 2026 } };
    for (const typed of ['05/05/1990', '2533-05-05', '01/01/2570', '31/12/2442'])
      expect(readBirthDate(typed, RULES), typed).to.deep.equal({ wrong });
  });

  it('refuses what is not a date, and future dates', () => {
    for (const typed of [
      '29/02/2534',
      '30/02/2533',
      '5/2533',
      '552533',
      '5/5-2533',
      '1/7/2569',
      '5 May 2533',
      '00/00/0000',
    ])
      expect(readBirthDate(typed, RULES), typed).to.deep.equal({ wrong: { code: 'INVALID_BIRTH_DATE' } });
    expect(readBirthDate('29/02/2543', RULES)).to.deep.equal({ value: '2000-02-29' });
  });

  it('stays as it was typed where nobody can be born on it', () => {
    expect(dayInField('2533-01-15', 'th')).to.equal('2533-01-15');
    expect(dayInField('31/12/1990', 'en')).to.equal('31/12/1990');
  });

  it('is held by the field of a language, also when it was typed for the other one', () => {
    expect(dayInField('1990-05-09', 'th')).to.equal('09/05/2533');
    expect(dayInField('09/05/2533', 'th')).to.equal('09/05/2533');
    expect(dayInField('9/5/2533', 'en')).to.equal('1990-05-09');
    expect(dayInField('yesterday', 'th')).to.equal('yesterday');
    expect(commonDay(dayInField('1899-01-01', 'th'))).to.equal('1899-01-01');
  });
});
