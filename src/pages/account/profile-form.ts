import type { Account, Profile, ProfileChange, Title } from '../../domain/accounts/account.ts';
import { isLocale, type Locale } from '../../domain/values/locale.ts';
import { parsePersonName } from '../../domain/values/person-name.ts';
import {
  type ProfileText,
  PUBLIC_TEXTS,
  parseText,
  TEXT_PROBLEMS,
  TEXTS,
} from '../../domain/values/profile-texts.ts';
import { AppError } from '../../errors/app-error.ts';
import { commonDay, readBirthDate } from '../kit/birth-date.ts';
import { refuseIf } from '../kit/form-errors.ts';
import type { FormError, ProfileField } from '../page-data/page-data.ts';
import type { Sent } from './account-page.ts';

export interface ProfileRules {
  titles: readonly Pick<Title, 'id'>[];
  today: Date;
  /** IANA name. */
  timeZone: string;
  /** The languages of the pages. */
  locales: readonly Locale[];
}

/** The stored values that an account's form shows before it is edited. */
export function profileFields(
  { profile, title }: Account,
  locales: readonly Locale[],
): Record<ProfileField, string> {
  const texts = Object.fromEntries([...PUBLIC_TEXTS, ...TEXTS].map((text) => [text, profile[text] ?? '']));
  return {
    ...(texts as Record<ProfileText, string>),
    title: title ? String(title.id) : '',
    firstName: profile.firstName ?? '',
    lastName: profile.lastName ?? '',
    birthDate: profile.birthDate ?? '',
    locale: knownLocale(profile.locale, locales) ?? '',
  };
}

/** The language of the pages that corresponds to a stored tag such as `en-GB`. */
const knownLocale = (tag: string | null, locales: readonly Locale[]): Locale | undefined => {
  const language = tag?.split('-', 1)[0];
  return isLocale(language, locales) ? language : undefined;
};

/** Reads the typed text of a field. Returns the value to store, or the error in it. */
type Read = (
  typed: string,
) => { value: Profile[keyof Profile] } | { wrong: FormError['code']; years?: FormError['years'] };

const readName =
  (required: boolean): Read =>
  (typed) => {
    if (typed.trim() === '') return required ? { wrong: 'FIRST_NAME_MISSING' } : { value: null };
    const value = parsePersonName(typed);
    return value === undefined ? { wrong: 'INVALID_NAME' } : { value };
  };

/** Adds `https://` to a web address that was typed without a scheme. */
const withScheme = (typed: string): string =>
  typed.trim() === '' || /^\s*[a-z][a-z\d+.-]*:/i.test(typed) ? typed : `https://${typed.trim()}`;

const readText =
  (text: ProfileText): Read =>
  (typed) => {
    const value = parseText(text, text === 'profileUri' || text === 'websiteUri' ? withScheme(typed) : typed);
    return value === undefined ? { wrong: TEXT_PROBLEMS[text] } : { value };
  };

/** In the order of the form, in which errors are reported. */
function readers(rules: ProfileRules): Record<Exclude<ProfileField, 'title'>, Read> {
  return {
    firstName: readName(true),
    middleName: readText('middleName'),
    lastName: readName(false),
    nickname: readText('nickname'),
    birthDate: (typed) => {
      if (typed.trim() === '') return { value: null };
      const read = readBirthDate(typed, rules);
      return 'wrong' in read ? { wrong: read.wrong.code, years: read.wrong.years } : read;
    },
    preferredUsername: readText('preferredUsername'),
    profileUri: readText('profileUri'),
    websiteUri: readText('websiteUri'),
    ...(Object.fromEntries(TEXTS.map((text) => [text, readText(text)])) as Record<
      (typeof TEXTS)[number],
      Read
    >),
    locale: (typed) => {
      if (typed !== '' && !isLocale(typed, rules.locales))
        throw new AppError('BAD_REQUEST', { field: 'locale' });
      return { value: typed || null };
    },
  };
}

/** The chosen title. An account that has a title cannot remove it. Throws `BAD_REQUEST` for an unknown title. */
function titleChange(typed: string, titles: ProfileRules['titles']): Pick<ProfileChange, 'titleId'> {
  const titleId = titles.find(({ id }) => String(id) === typed)?.id;
  if (titleId === undefined) throw new AppError('BAD_REQUEST', { field: 'title' });
  return { titleId };
}

/**
 * Returns the changes that a form makes to an account's profile. A value that equals the stored one is neither a
 * change nor an error. A missing field changes nothing. Throws `FormRefused` with all errors.
 */
export function profileChange(account: Account, sent: Sent, rules: ProfileRules): ProfileChange {
  const before = profileFields(account, rules.locales);
  const errors: FormError[] = [];
  const change: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(readers(rules))) {
    const field = name as ProfileField;
    // browsers send line ends as CR LF (WHATWG HTML §4.10.21.4)
    const typed = sent[field]?.replaceAll('\r\n', '\n');
    const said = field === 'birthDate' && typed ? commonDay(typed) : typed;
    if (typed === undefined || said === before[field]) continue;
    const found = read(typed);
    if ('wrong' in found) errors.push({ field, code: found.wrong, years: found.years });
    else change[field] = found.value;
  }
  refuseIf(errors);
  const { title } = sent;
  const chosen = title && title !== before.title ? titleChange(title, rules.titles) : {};
  return { ...(change as ProfileChange), ...chosen };
}
