import type { RegisterChannel } from '../domain/accounts/account.ts';
import type { LinkPurpose } from '../domain/mailed-secrets/mailed-secret.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { Locale } from './locale.ts';

/** A client as people see it. Give what is registered: the renderer leaves out addresses that are not safe to show. */
export interface ClientCard {
  name: string;
  logoUri?: string | undefined;
  policyUri?: string | undefined;
  tosUri?: string | undefined;
}

/** What is wrong with a form as it was sent; without `field`, the form as a whole. */
export interface FormError {
  field?: 'login' | 'password' | 'password_check' | 'code';
  code: ErrorCode | FormCode;
}

/** What only a page finds wrong with a form. */
export type FormCode =
  | 'LOGIN_MISSING'
  | 'EMAIL_MISSING'
  | 'CODE_MISSING'
  | 'PASSWORD_MISSING'
  | 'PASSWORD_CHECK_MISSING'
  | 'PASSWORDS_DIFFER';

/** A form of our own: where it is posted, and its token. */
interface Form {
  action: string;
  csrf: string;
}

/** A form of oidc-provider's, which names its token `xsrf`. */
interface LibraryForm {
  action: string;
  xsrf: string;
}

export interface LoginData extends Form {
  client: ClientCard | undefined;
  cancelAction: string;
  /** What was typed before, or who should sign in. */
  login: string;
  errors?: readonly FormError[];
  hint?: 'reauthenticate' | undefined;
}

export interface ConsentData extends Form {
  client: ClientCard;
  account: { name?: string | undefined; login: string };
  scopes: readonly string[];
  claims: readonly string[];
  resources: readonly { identifier: string; scopes: readonly string[] }[];
  /** False when the account has allowed this client something before. */
  isNew: boolean;
  cancelAction: string;
}

export interface DeviceInputData extends LibraryForm {
  userCode: string;
  error?: 'no_code' | 'not_found' | 'expired' | 'used' | 'aborted' | 'other' | undefined;
}

export interface DeviceConfirmData extends LibraryForm {
  userCode: string;
  client: ClientCard;
  deviceInfo?: { userAgent?: string | undefined; ip?: string | undefined } | undefined;
}

export interface LogoutData extends LibraryForm {
  client: ClientCard | undefined;
}

/** An account as a link of a mail shows it: to be recognised by its owner, and to tell others little. */
export interface LinkedAccount {
  /** Masked, as `mobile`. */
  name?: string | undefined;
  mobile?: string | undefined;
  /** The day, as each language writes it. */
  madeOn: Record<Locale, string>;
  channel: RegisterChannel;
}

export interface EmailLinkData extends Form {
  purpose: LinkPurpose;
  identifier: string;
  key: string;
  email: string;
  account: LinkedAccount;
}

export interface ActivateData extends Form {
  identifier: string;
  secret: string;
  email: string;
  errors?: readonly FormError[];
}

export interface ResetPasswordData extends Form {
  email: string;
  code: string;
  /** The code came with the link and is not asked for. */
  fromLink: boolean;
  /** A mail was asked for just now. */
  sent?: boolean;
  /** The page that has a code mailed. */
  requestAddress: string;
  errors?: readonly FormError[];
}

export interface RequestResetData extends Form {
  email: string;
  errors?: readonly FormError[];
}

export type EmailLinkOutcome = 'verified' | 'disowned' | 'changed' | 'undone';

export interface ErrorData {
  status: number;
  /** The catalogue's code, when there is one: it has words of its own. */
  code?: ErrorCode | undefined;
  /** In the reader's language, when the caller knows better than the words for `error` and `status`. */
  title?: string | undefined;
  /** The OAuth `error` word. */
  error: string;
  description: string;
  requestId: string;
  /** Where to begin again. */
  restart?: string | undefined;
}

export interface OutboxMessage {
  id: string;
  channel: 'sms' | 'mail';
  to: string;
  subject: string | null;
  text: string;
  createdAt: Date;
}

export interface OutboxData {
  /** Newest first. */
  messages: readonly OutboxMessage[];
  /** The filter in force. */
  to?: string | undefined;
}

export interface HomeData {
  issuer: string;
  environment: string;
  /** `outbox` and `signIn` (a sample authorization request) exist in development only. */
  links: { discovery: string; outbox?: string | undefined; signIn?: string | undefined };
}

/** Every page, and what it is made from. */
export interface PageData {
  login: LoginData;
  consent: ConsentData;
  'device-input': DeviceInputData;
  'device-confirm': DeviceConfirmData;
  'device-done': { client: ClientCard | undefined };
  logout: LogoutData;
  'signed-out': { client: ClientCard | undefined };
  'email-link': EmailLinkData;
  'email-link-done': { outcome: EmailLinkOutcome };
  activate: ActivateData;
  'reset-password': ResetPasswordData;
  'request-reset': RequestResetData;
  'password-set': { outcome: 'activated' | 'reset' };
  error: ErrorData;
  outbox: OutboxData;
  home: HomeData;
}

export type PageName = keyof PageData;

export interface PageContext {
  /** The same page in each language; without it the page has no language switch. */
  languageLinks?: Record<Locale, string> | undefined;
}
