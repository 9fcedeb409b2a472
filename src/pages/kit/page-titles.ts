import type { ErrorData, PageData, PageName } from '../page-data/page-data.ts';
import { ACCOUNT_TITLES } from './account-titles.ts';
import { CONSOLE_TITLES } from './console-titles.ts';
import { errorWords } from './error-words.ts';
import type { Translate } from './translations.ts';

type Titles = { readonly [Page in PageName]: (data: PageData[Page], t: Translate) => string };

const errorTitle = (data: ErrorData, t: Translate): string => data.title ?? t(`${errorWords(data, t)}.title`);

/** The heading of every page, which is also its title. */
export const TITLES: Titles = {
  'sign-in/login': (_, t) => t('login.title'),
  'sign-in/upstream': ({ failed }, t) => t(failed ? 'upstream.failed_title' : 'login.title'),
  'sign-in/upstream-link': (_, t) => t('upstream.link_title'),
  'sign-in/other-browser': (_, t) => t('upstream.other_browser_title'),
  'registration/upstream': (_, t) => t('register.title'),
  'steps/mobile': ({ purpose }, t) => t(`mobile.${purpose}.title`),
  'steps/cannot-send': ({ purpose }, t) => t(`mobile.${purpose}.title`),
  'steps/code': (_, t) => t('code.title'),
  'registration/identity': (_, t) => t('register.title'),
  'registration/credentials': (_, t) => t('register.credentials_title'),
  'steps/new-password': (_, t) => t('choose_password.title'),
  'recovery/mail-sent': (_, t) => t('mail_sent.title'),
  'steps/done': ({ outcome }, t) => t(`steps_done.${outcome}.title`),
  'sign-in/passkey': (_, t) => t('passkey.title'),
  'sign-in/passkey-offer': (_, t) => t('passkey.offer_title'),
  'sign-in/second-factor': (_, t) => t('second_factor.title'),
  'sign-in/email': (_, t) => t('email_code.title'),
  'sign-in/email-code': (_, t) => t('code.title'),
  'sign-in/second-factor-sent': (_, t) => t('code.title'),
  'sign-in/second-factor-new': (_, t) => t('second_factor.new_title'),
  'sign-in/recovery-codes': (_, t) => t('second_factor.codes_title'),
  'sign-in/second-factor-lost': ({ state }, t) => t(`second_factor.lost.${state}.title`),
  'sign-in/second-factor-lost-code': (_, t) => t('second_factor.lost.code_title'),
  'sign-in/terms': ({ isNew }, t) => t(isNew ? 'terms.title_new' : 'terms.title_changed'),
  'sign-in/contacts': (_, t) => t('contacts.title'),
  'sign-in/select-account': (_, t) => t('select_account.title'),
  'sign-in/consent': ({ client, isNew }, t) =>
    t(isNew ? 'consent.title' : 'consent.title_more', { client: client.name }),
  'sign-in/device-input': (_, t) => t('device.title'),
  'sign-in/device-confirm': ({ client }, t) => t('device.confirm_title', { client: client.name }),
  'sign-in/device-done': (_, t) => t('device.done_title'),
  'sign-in/forward': (_, t) => t('forward.title'),
  'sign-in/logout': (_, t) => t('logout.title'),
  'sign-in/signed-out': (_, t) => t('signed_out.title'),
  'links/sign-in-link': ({ code }, t) =>
    t(code === undefined ? 'sign_in_link.title' : 'sign_in_link.other_title'),
  'links/email-link': ({ purpose }, t) => t(`email_link.${purpose}.title`),
  'links/email-link-done': ({ outcome }, t) => t(`email_link.${outcome}.title`),
  'links/activate': (_, t) => t('activate.title'),
  'recovery/reset-password': (_, t) => t('reset_password.title'),
  'recovery/request-reset': (_, t) => t('request_reset.title'),
  'recovery/password-set': ({ outcome }, t) =>
    t(outcome === 'activated' ? 'password_set.activated_title' : 'password_set.reset_title'),
  'sign-in/error': errorTitle,
  ...CONSOLE_TITLES,
  ...ACCOUNT_TITLES,
  'account/deleted': (_, t) => t('account.deleted.title'),
  'developer/outbox': (_, t) => t('outbox.title'),
  'developer/gallery': (_, t) => t('gallery.title'),
  'developer/gallery-entry': ({ name }, t) => t('gallery.entry_title', { name }),
  'developer/gallery-text': (_, t) => t('gallery.text_title'),
  'sign-in/home': (_, t) => t('home.title'),
};
