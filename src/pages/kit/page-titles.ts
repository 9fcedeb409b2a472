import type { ErrorData, PageData, PageName } from '../page-data/page-data.ts';
import { ACCOUNT_TITLES } from './account-titles.ts';
import type { Say } from './words.ts';

type Titles = { readonly [Page in PageName]: (data: PageData[Page], say: Say) => string };

/** Statuses whose words are clearer than those of the `error` word that comes with them. */
const BY_STATUS: Readonly<Record<number, string>> = { 404: 'not_found', 429: 'too_many' };

/** Which `error.*` words tell a person what happened: by code, by status, by word, else by whose fault it is. */
export function errorWords(
  { code, status, error }: Pick<ErrorData, 'code' | 'status' | 'error'>,
  say: Say,
): string {
  const own = `error.${code?.toLowerCase()}`;
  if (say.knows(`${own}.title`)) return own;
  const name = BY_STATUS[status] ?? error;
  if (say.knows(`error.${name}.title`)) return `error.${name}`;
  return status >= 500 ? 'error.server_error' : 'error.invalid_request';
}

/** The heading of every page, which is its title too. */
export const TITLES: Titles = {
  login: (_, say) => say('login.title'),
  mobile: ({ purpose }, say) => say(`mobile.${purpose}.title`),
  'cannot-send': ({ purpose }, say) => say(`mobile.${purpose}.title`),
  code: (_, say) => say('code.title'),
  register: (_, say) => say('register.title'),
  'new-password': (_, say) => say('choose_password.title'),
  'mail-sent': (_, say) => say('mail_sent.title'),
  'steps-done': ({ outcome }, say) => say(`steps_done.${outcome}.title`),
  contacts: (_, say) => say('contacts.title'),
  'select-account': (_, say) => say('select_account.title'),
  consent: ({ client, isNew }, say) =>
    say(isNew ? 'consent.title' : 'consent.title_more', { client: client.name }),
  'device-input': (_, say) => say('device.title'),
  'device-confirm': ({ client }, say) => say('device.confirm_title', { client: client.name }),
  'device-done': (_, say) => say('device.done_title'),
  forward: (_, say) => say('forward.title'),
  logout: (_, say) => say('logout.title'),
  'signed-out': (_, say) => say('signed_out.title'),
  'email-link': ({ purpose }, say) => say(`email_link.${purpose}.title`),
  'email-link-done': ({ outcome }, say) => say(`email_link.${outcome}.title`),
  activate: (_, say) => say('activate.title'),
  'reset-password': (_, say) => say('reset_password.title'),
  'request-reset': (_, say) => say('request_reset.title'),
  'password-set': ({ outcome }, say) =>
    say(outcome === 'activated' ? 'password_set.activated_title' : 'password_set.reset_title'),
  error: (data, say) => data.title ?? say(`${errorWords(data, say)}.title`),
  ...ACCOUNT_TITLES,
  'deleted-account': (_, say) => say('account.deleted.title'),
  outbox: (_, say) => say('outbox.title'),
  home: (_, say) => say('home.title'),
};
