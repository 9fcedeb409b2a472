import type { Locale } from '../../domain/values/locale.ts';
import { CATALOGUE, type ErrorCode } from '../../errors/catalogue.ts';
import type { FormCode, FormError } from '../page-data/page-data.ts';
import { yearIn } from './birth-date.ts';
import type { Translate } from './translations.ts';

/** The texts of form errors that are not in the catalogue, or that have a different text in a form. */
const FORM_WORDS: Readonly<Record<FormCode, string>> = {
  BOT_CHECK_MISSING: 'bot_check.missing',
  BOT_CHECK_FAILED: 'bot_check.failed',
  SIGN_IN_WRONG: 'login.wrong',
  SIGN_IN_PASSWORD_WRONG: 'login.password_wrong',
  LOGIN_MISSING: 'login.login_missing',
  EMAIL_MISSING: 'new_password.email_missing',
  CODE_MISSING: 'reset_password.code_missing',
  PASSWORD_MISSING: 'login.password_missing',
  PASSWORD_CHECK_MISSING: 'new_password.password_check_missing',
  PASSWORDS_DIFFER: 'new_password.passwords_differ',
  NEW_PASSWORD_MISSING: 'choose_password.missing',
  EMAIL_UNCHANGED: 'account.email.unchanged',
  MOBILE_MISSING: 'mobile.missing',
  MOBILE_UNCHANGED: 'account.mobile.unchanged',
  SMS_CODE_MISSING: 'code.missing',
  CODE_TRY_AGAIN: 'code.try_again',
  MAIL_CODE_MISSING: 'code.email_missing',
  SECOND_FACTOR_WRONG: 'second_factor.wrong',
  RECOVERY_CODE_WRONG: 'second_factor.recovery_wrong',
  LAST_NAME_MISSING: 'register.last_name_missing',
  TITLE_MISSING: 'register.title_missing',
  BIRTH_DATE_MISSING: 'register.birth_date_missing',
  BIRTH_YEAR_WRONG: 'birth_date.year_wrong',
  NATIONAL_ID_MISSING: 'register.national_id_missing',
  NATIONAL_ID_OR_NONE: 'register.national_id_or_none',
  MOBILE_OR_EMAIL_WRONG: 'mobile.or_email_wrong',
  TERMS_NOT_ACCEPTED: 'register.terms_missing',
  FIRST_NAME_MISSING: 'register.first_name_missing',
  CONFIRMATION_WRONG: 'account.delete.confirmation_wrong',
};

const isFormCode = (code: FormError['code']): code is FormCode => Object.hasOwn(FORM_WORDS, code);

/** The time to wait, in the largest suitable unit: seconds up to one minute, minutes up to 90, then hours. */
function waitText(seconds: number, t: Translate): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes > 90) return t('form.wait_hours', { hours: String(Math.ceil(minutes / 60)) });
  if (minutes > 1) return t('form.wait_minutes', { minutes: String(minutes) });
  return t('form.wait_seconds', { seconds: String(seconds) });
}

/** The years as text, in the calendar of the language. */
export const yearsIn = ({ first, last }: Record<'first' | 'last', number>, locale: Locale) => ({
  first: String(yearIn(first, locale)),
  last: String(yearIn(last, locale)),
});

/** Longer texts for the errors whose catalogue text is too brief to help a person who completes a form. */
const HELPFUL: { readonly [Code in ErrorCode]?: string } = {
  INVALID_MOBILE: 'mobile.wrong',
  INVALID_NAME: 'register.name_wrong',
  INVALID_NATIONAL_ID: 'register.national_id_wrong',
};

/** The catalogue's sentence. A language of `pages.folder` defines its own as the message `catalogue.<code>`. */
export function catalogueText(code: ErrorCode, locale: Locale, t: Translate): string {
  const key = `catalogue.${code}`;
  return t.has(key) ? t(key) : CATALOGUE[code][locale === 'th' ? 'th' : 'en'];
}

function textOf(code: FormError['code'], locale: Locale, t: Translate): string {
  if (isFormCode(code)) return t(FORM_WORDS[code]);
  const key = HELPFUL[code];
  return key === undefined ? catalogueText(code, locale, t) : t(key);
}

/** The text of a form error, with the waiting time or remaining attempts where it has them. */
export function formErrorText(
  { code, retryAfter, triesLeft, years, detail }: FormError,
  locale: Locale,
  t: Translate,
): string {
  if (retryAfter !== undefined) return waitText(retryAfter, t);
  if (triesLeft === 1) return t('code.last_try');
  if (triesLeft !== undefined) return t('code.tries_left', { tries: String(triesLeft) });
  if (isFormCode(code) && years) return t(FORM_WORDS[code], yearsIn(years, locale));
  const text = textOf(code, locale, t);
  return detail === undefined ? text : `${text} ${detail}`;
}
