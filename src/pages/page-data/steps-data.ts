import type { ClientCard, Form, FormError, OpenForm } from './form.ts';
import type { ProviderChoice, ShownProvider } from './upstream-data.ts';

/** A form that is one of several steps, on their own or in a sign-in. */
interface StepForm extends Form {
  client: ClientCard | undefined;
  /** Only in a sign-in. */
  cancelAction: string | undefined;
  errors?: readonly FormError[] | undefined;
}

/** The purpose of verifying a mobile. */
export type CodePurpose = 'login' | 'register' | 'reset';

/** The other pages that a person at a step may need. */
export interface OtherMethods {
  signInAddress?: string | undefined;
  registerAddress?: string | undefined;
  forgotAddress?: string | undefined;
  /** A code by e-mail, to sign in. */
  emailAddress?: string | undefined;
}

/** Asks for the mobile to which a code is sent. */
export interface MobileData extends StepForm, OtherMethods, OpenForm {
  purpose: CodePurpose;
  /** The value typed before. */
  typed: string;
  /** The accepted input, depending on the available channels. */
  accepts: 'mobile' | 'email' | 'either';
  /** Other providers to register with. */
  providers?: ProviderChoice | undefined;
}

/** Asks for the code that was sent. */
export interface CodeData extends StepForm, OtherMethods {
  purpose: CodePurpose;
  /** In the national format. */
  mobile: string;
  /** Also shown in the message. Undefined if it is no longer stored. */
  reference: string | undefined;
  /** The lifetime of the code when it was sent, as stated in the message. */
  minutes: number;
  /** Seconds until another code can be requested. */
  wait: number;
  /** Seconds until the code expires. */
  validFor: number;
  againAction: string;
  mobileAddress: string;
}

/** Whether people who register on the pages are asked for their national ID. */
export type AskedNationalId = 'required' | 'optional' | 'off';

/** A person's identity as typed. `noThaiId` is `yes` for people who state that they have no national ID. */
export type TypedIdentity = Readonly<
  Record<'title' | 'firstName' | 'lastName' | 'birthDate' | 'thaiId' | 'noThaiId', string>
>;

/** The first step of a registration, after the mobile is verified: the person's identity. */
export interface IdentityData extends StepForm {
  typed: TypedIdentity;
  nationalId: AskedNationalId;
  titles: readonly { id: number; nameTh: string; nameEn: string }[];
  /** `YYYY-MM-DD`. */
  today: string;
}

/** The second step: the way to sign in. */
export interface CredentialsData extends StepForm {
  mobile: string;
  /** The value typed before. */
  email: string;
  /** Whether a link to confirm the e-mail is sent by mail. */
  mailsLink: boolean;
  /** The names from the first step, for the message about a password that repeats them. */
  names: readonly string[];
  /** The first step. */
  backAddress: string;
  passwordLeast: number;
  /** Whether a passkey can replace the password. */
  offersPasskey: boolean;
  /** Without an address, no acceptance is requested. */
  termsUri: string | undefined;
  privacyUri: string | undefined;
}

export interface NewPasswordData extends StepForm {
  /** The identifier that the password belongs to, under which the browser stores it. */
  identifier: string;
  passwordLeast: number;
}

/** `action` sends the mail again. */
export interface MailSentData extends Form {
  email: string;
  /** The mail has just been sent again. */
  again: boolean;
  /** The page on which another address can be typed. */
  otherAddress: string;
  /** The sign-in in progress, or a new one. */
  signInAddress: string | undefined;
  client: ClientCard | undefined;
}

/** Asks a person whom a provider has authenticated for the remaining details of a registration. */
export interface UpstreamRegistrationData extends StepForm {
  provider: ShownProvider;
  typed: TypedIdentity;
  email: string;
  /** Whether the provider has verified the address. */
  isVerified: boolean;
  mailsLink: boolean;
  asksName: boolean;
  asksBirthDate: boolean;
  nationalId: AskedNationalId;
  titles: readonly { id: number; nameTh: string; nameEn: string }[];
  /** `YYYY-MM-DD`. */
  today: string;
  linkAddress: string;
  termsUri: string | undefined;
  privacyUri: string | undefined;
}
