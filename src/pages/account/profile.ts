import type { Middleware } from 'koa';
import type { Accounts } from '../../domain/accounts/accounts.ts';
import type { Titles } from '../../domain/accounts/titles.ts';
import type { Locations } from '../../domain/locations/locations.ts';
import { COUNTRIES } from '../../domain/values/country.ts';
import { inEveryLanguage, isLocale, type Locale } from '../../domain/values/locale.ts';
import type { Clock } from '../../lib/clock.ts';
import { localesOf } from '../kit/show.ts';
import type { AccountProfileData } from '../page-data/account-data.ts';
import { calendarDay } from '../page-data/days.ts';
import { type AccountArea, accountPage, type Sent, withOutcome } from './account-page.ts';
import { profileChange, profileFields } from './profile-form.ts';

const PATH = '/account/profile';

interface Deps {
  accounts: Pick<Accounts, 'changeProfile'>;
  titles: Titles;
  locations: Pick<Locations, 'list'>;
  clock: Clock;
  /** IANA name. */
  timeZone: string;
}

/** The countries by name, spelled and sorted for a language. */
function countriesIn(locale: Locale): { code: string; name: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  const { compare } = new Intl.Collator(locale);
  return COUNTRIES.map((code) => ({ code, name: names.of(code) ?? code })).sort((one, other) =>
    compare(one.name, other.name),
  );
}

/** The provinces of Thailand as a list to choose from. The province of another country is typed. */
async function provincesOf(locations: Pick<Locations, 'list'>): Promise<AccountProfileData['provinces']> {
  const all = await locations.list();
  return inEveryLanguage((locale) => all.map(({ nameTh, nameEn }) => (locale === 'th' ? nameTh : nameEn)));
}

/** The stored values, replaced by those that were typed. */
const typedOver = (fields: AccountProfileData['typed'], sent: Sent = {}): AccountProfileData['typed'] =>
  Object.fromEntries(
    Object.entries(fields).map(([field, stored]) => [field, sent[field] ?? stored]),
  ) as AccountProfileData['typed'];

/**
 * `/account/profile`: the person's own details. They are not used to sign in, so changing them requires no
 * re-authentication.
 */
export function profilePage(
  area: AccountArea,
  { accounts, titles, locations, clock, timeZone }: Deps,
): Middleware {
  const countries = inEveryLanguage(countriesIn);

  return accountPage(area, {
    name: 'account/profile',
    path: PATH,
    outcomes: ['profile_saved'],
    load: async ({ account }, sent, ctx) => ({
      typed: typedOver(profileFields(account, localesOf(ctx)), sent),
      titles: await titles.list(),
      countries,
      provinces: await provincesOf(locations),
      today: calendarDay(clock.now(), timeZone),
    }),
    forms: [
      {
        async submit(sent, { account }, ctx) {
          const locales = localesOf(ctx);
          const rules = { titles: await titles.list(), today: clock.now(), timeZone, locales };
          const change = profileChange(account, sent, rules);
          await accounts.changeProfile(account.id, change);
          const saved = withOutcome(PATH, 'profile_saved');
          // a language that was just chosen is also the language of the response
          return isLocale(change.locale, locales) ? `${saved}&lang=${change.locale}` : saved;
        },
      },
    ],
  });
}
