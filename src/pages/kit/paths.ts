/** The paths of pages that other pages link to. `:uid` identifies the sign-in in progress that a page belongs to. */

export const ACCOUNT_PATH = '/account';

export const CONSOLE_PATH = '/console';

export const DEVICE_PATH = '/device';

/** The pages that a reset mail leads to: its link, and the form for its code. */
export const RESET_PASSWORD_PATHS = {
  form: '/reset-password',
  request: '/reset-password/request',
  done: '/reset-password/done',
  linked: '/reset-password/:code',
  /** The name of the page in the Self-service API's documentation. */
  selfService: '/customers/do_reset/:code',
} as const;

export const SIGN_IN_PATHS = {
  current: '/interaction/:uid',
  login: '/interaction/:uid/login',
  account: '/interaction/:uid/account',
  otherAccount: '/interaction/:uid/other-account',
  terms: '/interaction/:uid/terms',
  contacts: '/interaction/:uid/contacts',
  consent: '/interaction/:uid/consent',
  abort: '/interaction/:uid/abort',
} as const;

export const SECOND_FACTOR_PATHS = {
  code: '/interaction/:uid/second-factor',
  enrol: '/interaction/:uid/second-factor/new',
  lost: '/interaction/:uid/second-factor/lost',
  lostCode: '/interaction/:uid/second-factor/lost/code',
} as const;

/** Signing in with a passkey, and the offer to create one after another sign-in. */
export const PASSKEY_PATHS = {
  use: '/interaction/:uid/passkey',
  useOptions: '/interaction/:uid/passkey/options',
  create: '/interaction/:uid/passkey/new',
  createOptions: '/interaction/:uid/passkey/new/options',
  later: '/interaction/:uid/passkey/later',
} as const;

/** Signing in with another provider: the choice, the return, and linking with an existing account. */
export const UPSTREAM_PATHS = {
  choose: '/interaction/:uid/upstream',
  back: '/interaction/:uid/upstream/return',
  link: '/interaction/:uid/upstream/link',
  forget: '/interaction/:uid/upstream/forget',
} as const;

/** The endpoint to which other providers redirect browsers. */
export const UPSTREAM_CALLBACK_PATH = '/upstream/:id/callback';

export const UPSTREAM_REGISTER_PATHS = {
  mobile: '/interaction/:uid/upstream/register',
  code: '/interaction/:uid/upstream/register/code',
  again: '/interaction/:uid/upstream/register/again',
  details: '/interaction/:uid/upstream/register/details',
} as const;

export const LINKED_PATHS = {
  list: '/account/linked',
  remove: '/account/linked/remove',
  add: '/account/linked/add',
  back: '/account/linked/return',
} as const;

export const ACCOUNT_PASSKEY_PATHS = {
  create: '/account/passkeys/new',
  options: '/account/passkeys/options',
  rename: '/account/passkeys/rename',
  remove: '/account/passkeys/remove',
} as const;

/** The page of a code that is sent as a second factor, and the address that requests the code. */
export interface SentCodePaths {
  page: string;
  send: string;
}

export const SMS_FACTOR_PATHS = {
  page: '/interaction/:uid/second-factor/sms',
  send: '/interaction/:uid/second-factor/sms/send',
} as const;

export const EMAIL_FACTOR_PATHS = {
  page: '/interaction/:uid/second-factor/email',
  send: '/interaction/:uid/second-factor/email/send',
} as const;

export const SMS_SETUP_PATHS = {
  page: '/account/security/sms',
  send: '/account/security/sms/send',
} as const;

export const EMAIL_SETUP_PATHS = {
  page: '/account/security/email',
  send: '/account/security/email/send',
} as const;

export const SECURITY_PATHS = {
  overview: '/account/security',
  rename: '/account/security/rename',
  remove: '/account/security/remove',
  recoveryCodes: '/account/security/recovery-codes',
  cancelRecovery: '/account/security/cancel-recovery',
  enrol: '/account/authenticator/new',
} as const;

/** The pages that verify a mobile. */
export interface CodePaths {
  mobile: string;
  code: string;
  again: string;
}

export const SMS_PATHS = {
  mobile: '/interaction/:uid/sms',
  code: '/interaction/:uid/sms/code',
  again: '/interaction/:uid/sms/again',
} as const;

/** Signing in with a code or link by e-mail. */
export const EMAIL_PATHS = {
  address: '/interaction/:uid/email',
  code: '/interaction/:uid/email/code',
  again: '/interaction/:uid/email/again',
  /** Receives the form of the page that the link in the mail opens. */
  link: '/interaction/:uid/email/link',
} as const;

export const REGISTER_PATHS = {
  mobile: '/register',
  code: '/register/code',
  again: '/register/again',
  details: '/register/details',
  account: '/register/account',
  done: '/register/done',
  upstream: '/register/upstream',
} as const;

export const SIGN_IN_REGISTER_PATHS = {
  mobile: '/interaction/:uid/register',
  code: '/interaction/:uid/register/code',
  again: '/interaction/:uid/register/again',
  details: '/interaction/:uid/register/details',
  account: '/interaction/:uid/register/account',
} as const;

export const FORGOT_PASSWORD_PATHS = {
  mobile: '/forgot-password',
  code: '/forgot-password/code',
  again: '/forgot-password/again',
  password: '/forgot-password/password',
  sent: '/forgot-password/sent',
  done: '/forgot-password/done',
} as const;

export const SIGN_IN_FORGOT_PASSWORD_PATHS = {
  mobile: '/interaction/:uid/forgot-password',
  code: '/interaction/:uid/forgot-password/code',
  again: '/interaction/:uid/forgot-password/again',
  password: '/interaction/:uid/forgot-password/password',
  sent: '/interaction/:uid/forgot-password/sent',
} as const;

/** The path for one sign-in. A path without `:uid` is unchanged. */
export const pathOf = (path: string, uid: string | undefined): string =>
  uid === undefined ? path : path.replace(':uid', () => uid);
