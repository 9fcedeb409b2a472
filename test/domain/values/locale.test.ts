import { expect } from 'chai';
import {
  chooseLocale,
  isLocale,
  type LanguageWishes,
  type Locale,
} from '../../../src/domain/values/locale.ts';

describe('chooseLocale', () => {
  const cases: [string, LanguageWishes, Locale][] = [
    ['Thai when nobody wishes anything', {}, 'th'],
    ['what the client asks for first', { uiLocales: 'en', cookie: 'th', acceptLanguage: 'th' }, 'en'],
    ['the first that it can speak of several', { uiLocales: 'se fr en-GB th' }, 'en'],
    ['the language of a regional tag', { uiLocales: 'TH-th' }, 'th'],
    ['the cookie when the client asks for unknown languages', { uiLocales: 'se', cookie: 'en' }, 'en'],
    ['the cookie before the browser', { cookie: 'en', acceptLanguage: 'th' }, 'en'],
    ['the browser when the cookie is nonsense', { cookie: 'EN; th', acceptLanguage: 'en' }, 'en'],
    ['the heaviest of the browser', { acceptLanguage: 'th;q=0.5, en-US;q=0.9, fr' }, 'en'],
    ['the earlier of two equal ones', { acceptLanguage: 'en,th' }, 'en'],
    ['nothing of weight 0', { acceptLanguage: 'en;q=0, *' }, 'th'],
    ['nothing of a broken weight', { acceptLanguage: 'en;q=2, en;q=x, en;q=-1' }, 'th'],
    ['no look-alike', { uiLocales: 'eng thx', acceptLanguage: 'english' }, 'th'],
    ['no word of the prototype', { uiLocales: 'constructor toString' }, 'th'],
    ['nothing in an empty header', { uiLocales: '', cookie: '', acceptLanguage: '' }, 'th'],
  ];
  for (const [what, wishes, locale] of cases) {
    it(`takes ${what}`, () => expect(chooseLocale(wishes)).to.equal(locale));
  }
});

describe('isLocale', () => {
  it('knows th and en, and nothing else', () => {
    expect(['th', 'en', 'TH', 'de', '', undefined, ['th']].map((one) => isLocale(one))).to.deep.equal([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
