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
  /** Signing in with a passkey; undefined when the client does not want it. */
  passkey?: PasskeyForm | undefined;
  /** Signing in with a code; undefined when the client wants the password. */
  codeAddress?: string | undefined;
  /** The same by e-mail. */
  emailAddress?: string | undefined;
  /** Signing in with another provider. */
  providers?: ProviderChoice | undefined;
  /** The person at another provider who gets linked with the account that signs in. */
  linking?: PendingLink | undefined;
  /** Undefined where nobody can register, as no code can be sent. */
  registerAddress?: string | undefined;
  /** Undefined where neither a code nor a mail can be sent. */
  forgotAddress?: string | undefined;
  /** What was typed before, or who should sign in. */
  identifier: string;
  errors?: readonly FormError[];
  hint?: 'reauthenticate' | 'last_step' | undefined;
  /** Who must authenticate again. */
  account?: ShownPerson | undefined;
  /** For anyone who is not the one that is signed in. */
  otherAction?: string | undefined;
}

/** Who is signed in. */
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
  /** What it wants to do, in each language (RFC 9396). */
  details: readonly Record<Locale, string>[];
  /** The client is a partner, which sees contacts and links as well. */
  toPartner: boolean;
  /** False when the account has allowed this client something before. */
  isNew: boolean;
  cancelAction: string;
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
  passwordLeast: number;
  termsUri?: string | undefined;
  privacyUri?: string | undefined;
  errors?: readonly FormError[];
}

export interface ResetPasswordData extends Form {
  passwordLeast: number;
  email: string;
  code: string;
  /** What the link took along to come back to a client; empty without. */
  resume: string;
  /** The code came with the link and is not asked for. */
  fromLink: boolean;
  /** A mail was requested just now. */
  sent?: boolean;
  /** The page that has a code mailed; undefined where nothing is mailed. */
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
  /** The filter in force. */
  to?: string | undefined;
}

/** Shown in development. */
export interface HomeData {
  issuer: string;
  environment: string;
  /** `signIn`: a sample authorization request. */
  links: { account: string; discovery: string; outbox: string; signIn?: string | undefined };
}

/** Every page, and what it is made from. */
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
  /** `signInAddress`: where the sign-in begins again that led here, or My account. */
  'recovery/password-set': { outcome: 'activated' | 'reset'; signInAddress: string };
  /** `receipt`: a JWS. */
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
  /** The same page in each language; without it the page has no language switch. */
  languageLinks?: Record<Locale, string> | undefined;
}
