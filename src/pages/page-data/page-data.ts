import type { RegisterChannel } from '../../domain/accounts/account.ts';
import type { LinkPurpose } from '../../domain/mailed-secrets/mailed-secret.ts';
import type { Locale } from '../../domain/values/locale.ts';
import type { AccountPageData } from './account-data.ts';
import type { CannotSendData } from './cannot-send-data.ts';
import type { TermsData } from './consents-data.ts';
import type { ConsoleOtherData, ConsolePageData } from './console-data.ts';
import type { ContactsData } from './contacts-data.ts';
import type { EmailAddressData, EmailCodeData, SignInLinkData } from './email-code-data.ts';
import type { ErrorData } from './error-data.ts';
import type { ClientCard, Form, FormError, OpenForm } from './form.ts';

export type { ErrorData, NextStep } from './error-data.ts';

import type { GalleryData, GalleryEntryData } from './gallery-data.ts';
import type { DeviceConfirmData, DeviceInputData, ForwardData, LogoutData } from './library-form-data.ts';
import type { PasskeyData, PasskeyForm, PasskeyOfferData } from './passkey-data.ts';
import type {
  RecoveryCodesData,
  SecondFactorData,
  SecondFactorEnrolData,
  SentFactorData,
} from './second-factor-data.ts';
import type { SecondFactorLostCodeData, SecondFactorLostData } from './second-factor-lost-data.ts';
import type {
  CodeData,
  CredentialsData,
  IdentityData,
  MailSentData,
  MobileData,
  NewPasswordData,
  UpstreamRegistrationData,
} from './steps-data.ts';

import type {
  OtherBrowserData,
  PendingLink,
  ProviderChoice,
  UpstreamData,
  UpstreamLinkData,
} from './upstream-data.ts';

export type { ClientCard, Form, FormCode, FormError, FormField, ProfileField } from './form.ts';

export interface LoginData extends Form {
  client: ClientCard | undefined;
  cancelAction: string;
  /** Signing in with a passkey. Undefined if the client does not accept it. */
  passkey?: PasskeyForm | undefined;
  /** Signing in with a code by SMS. Undefined if the client does not accept it. */
  codeAddress?: string | undefined;
  /** Signing in with a code by e-mail. Undefined if the client does not accept it. */
  emailAddress?: string | undefined;
  /** Signing in with another provider. */
  providers?: ProviderChoice | undefined;
  /** The person at another provider who will be linked with the account that signs in. */
  linking?: PendingLink | undefined;
  /** Undefined where registration is not possible because no code can be sent. */
  registerAddress?: string | undefined;
  /** Undefined if neither a code nor a mail can be sent. */
  forgotAddress?: string | undefined;
  /** The value typed before, or the hint of the client. */
  identifier: string;
  errors?: readonly FormError[];
  hint?: 'reauthenticate' | 'last_step' | undefined;
  /** The person who must re-authenticate. */
  account?: ShownPerson | undefined;
  /** For a person other than the one who is signed in. */
  otherAction?: string | undefined;
}

/** The signed-in person. */
interface ShownPerson {
  name?: string | undefined;
  identifier: string;
}

export interface SelectAccountData extends Form {
  client: ClientCard;
  account: ShownPerson;
  otherAction: string;
  cancelAction: string;
}

export interface ConsentData extends Form {
  client: ClientCard;
  account: ShownPerson;
  otherAction: string;
  scopes: readonly string[];
  claims: readonly string[];
  resources: readonly { identifier: string; scopes: readonly string[] }[];
  /** The authorization details, in each language (RFC 9396). */
  details: readonly Record<Locale, string>[];
  /** The client is a partner, which can also read contacts and links. */
  toPartner: boolean;
  /** False if the account has already given this client consent. */
  isNew: boolean;
  cancelAction: string;
}

/** An account as a link in a mail shows it: recognisable to its owner, with few details for other people. */
export interface LinkedAccount {
  /** Masked, like `mobile`. */
  name?: string | undefined;
  mobile?: string | undefined;
  /** The day, in the format of each language. */
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
  passwordLeast: number;
  termsUri?: string | undefined;
  privacyUri?: string | undefined;
  errors?: readonly FormError[];
}

export interface ResetPasswordData extends Form {
  passwordLeast: number;
  email: string;
  code: string;
  /** The sealed address from the link for returning to a client. Empty if there is none. */
  resume: string;
  /** The code came with the link and is not requested. */
  fromLink: boolean;
  /** A mail has just been requested. */
  sent?: boolean;
  /** The page that sends a code by mail. Undefined if mail is not available. */
  requestAddress: string | undefined;
  errors?: readonly FormError[];
}

export interface RequestResetData extends Form, OpenForm {
  email: string;
  errors?: readonly FormError[];
}

export type EmailLinkOutcome = 'verified' | 'disowned' | 'changed' | 'undone';

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
  /** The current filter. */
  to?: string | undefined;
}

/** Shown in development. */
export interface HomeData {
  issuer: string;
  environment: string;
  /** `signIn` is a sample authorization request. */
  links: { account: string; discovery: string; outbox: string; signIn?: string | undefined };
}

/** All pages and their data. */
export interface PageData extends AccountPageData, ConsolePageData, ConsoleOtherData {
  'sign-in/login': LoginData;
  'sign-in/upstream': UpstreamData;
  'sign-in/upstream-link': UpstreamLinkData;
  'sign-in/other-browser': OtherBrowserData;
  'registration/upstream': UpstreamRegistrationData;
  'steps/mobile': MobileData;
  'steps/cannot-send': CannotSendData;
  'steps/code': CodeData;
  'registration/identity': IdentityData;
  'registration/credentials': CredentialsData;
  'steps/new-password': NewPasswordData;
  'recovery/mail-sent': MailSentData;
  'steps/done': { outcome: 'registered' | 'recovered' };
  'sign-in/passkey': PasskeyData;
  'sign-in/passkey-offer': PasskeyOfferData;
  'sign-in/second-factor': SecondFactorData;
  'sign-in/email': EmailAddressData;
  'sign-in/email-code': EmailCodeData;
  'sign-in/second-factor-sent': SentFactorData;
  'sign-in/second-factor-new': SecondFactorEnrolData;
  'sign-in/recovery-codes': RecoveryCodesData;
  'sign-in/second-factor-lost': SecondFactorLostData;
  'sign-in/second-factor-lost-code': SecondFactorLostCodeData;
  'sign-in/terms': TermsData;
  'sign-in/contacts': ContactsData;
  'sign-in/select-account': SelectAccountData;
  'sign-in/consent': ConsentData;
  'sign-in/device-input': DeviceInputData;
  'sign-in/device-confirm': DeviceConfirmData;
  'sign-in/device-done': { client: ClientCard | undefined };
  'sign-in/logout': LogoutData;
  'sign-in/forward': ForwardData;
  'sign-in/signed-out': { client: ClientCard | undefined };
  'links/sign-in-link': SignInLinkData;
  'links/email-link': EmailLinkData;
  'links/email-link-done': { outcome: EmailLinkOutcome };
  'links/activate': ActivateData;
  'recovery/reset-password': ResetPasswordData;
  'recovery/request-reset': RequestResetData;
  /** `signInAddress` restarts the original sign-in, or is My account. */
  'recovery/password-set': { outcome: 'activated' | 'reset'; signInAddress: string };
  /** `receipt` is a JWS. */
  'account/deleted': { receipt: string | undefined };
  'sign-in/error': ErrorData;
  'developer/outbox': OutboxData;
  'developer/gallery': GalleryData;
  'developer/gallery-entry': GalleryEntryData;
  'developer/gallery-text': { text: string };
  'sign-in/home': HomeData;
}

export type PageName = keyof PageData;

export interface PageContext {
  /** The same page in each language. Without it, the page has no language switch. */
  languageLinks?: Record<Locale, string> | undefined;
}
