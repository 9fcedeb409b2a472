import type { ErrorData, PageData, PageName } from '../page-data/page-data.ts';
import { ACCOUNT_TITLES } from './account-titles.ts';
import type { Translate } from './translations.ts';

type Titles = { readonly [Page in PageName]: (data: PageData[Page], t: Translate) => string };

/** Statuses whose words are clearer than those of the `error` word that comes with them. */
const BY_STATUS: Readonly<Record<number, string>> = { 404: 'not_found', 429: 'too_many' };

/** Which `error.*` words tell a person what happened: by code, by status, by word, else by whose fault it is. */
export function errorWords(
  { code, status, error }: Pick<ErrorData, 'code' | 'status' | 'error'>,
  t: Translate,
): string {
  const own = `error.${code?.toLowerCase()}`;
  if (t.has(`${own}.title`)) return own;
  const name = BY_STATUS[status] ?? error;
  if (t.has(`error.${name}.title`)) return `error.${name}`;
  return status >= 500 ? 'error.server_error' : 'error.invalid_request';
}

/** The heading of every page, which is its title too. */
export const TITLES: Titles = {
  login: (_, t) => t('login.title'),
  mobile: ({ purpose }, t) => t(`mobile.${purpose}.title`),
  'cannot-send': ({ purpose }, t) => t(`mobile.${purpose}.title`),
  code: (_, t) => t('code.title'),
  register: (_, t) => t('register.title'),
  'new-password': (_, t) => t('choose_password.title'),
  'mail-sent': (_, t) => t('mail_sent.title'),
  'steps-done': ({ outcome }, t) => t(`steps_done.${outcome}.title`),
  contacts: (_, t) => t('contacts.title'),
  'select-account': (_, t) => t('select_account.title'),
  consent: ({ client, isNew }, t) =>
    t(isNew ? 'consent.title' : 'consent.title_more', { client: client.name }),
  'device-input': (_, t) => t('device.title'),
  'device-confirm': ({ client }, t) => t('device.confirm_title', { client: client.name }),
  'device-done': (_, t) => t('device.done_title'),
  forward: (_, t) => t('forward.title'),
  logout: (_, t) => t('logout.title'),
  'signed-out': (_, t) => t('signed_out.title'),
  'email-link': ({ purpose }, t) => t(`email_link.${purpose}.title`),
  'email-link-done': ({ outcome }, t) => t(`email_link.${outcome}.title`),
  activate: (_, t) => t('activate.title'),
  'reset-password': (_, t) => t('reset_password.title'),
  'request-reset': (_, t) => t('request_reset.title'),
  'password-set': ({ outcome }, t) =>
    t(outcome === 'activated' ? 'password_set.activated_title' : 'password_set.reset_title'),
  error: (data, t) => data.title ?? t(`${errorWords(data, t)}.title`),
  ...ACCOUNT_TITLES,
  'deleted-account': (_, t) => t('account.deleted.title'),
  outbox: (_, t) => t('outbox.title'),
  home: (_, t) => t('home.title'),
};
