import type { ClientCard, Form, FormError, OpenForm } from './form.ts';
import type { ProviderChoice, ShownProvider } from './upstream-data.ts';

/** A form among several steps, on their own or in a sign-in. */
interface StepForm extends Form {
  client: ClientCard | undefined;
  /** In a sign-in. */
  cancelAction: string | undefined;
  errors?: readonly FormError[] | undefined;
}

/** Why a mobile is verified. */
export type CodePurpose = 'login' | 'register' | 'reset';

/** What else a person may want who is at a step. */
export interface OtherMethods {
  signInAddress?: string | undefined;
  registerAddress?: string | undefined;
  forgotAddress?: string | undefined;
  /** A code by e-mail, to sign in. */
  emailAddress?: string | undefined;
}

/** Asks for the mobile that a code is sent to. */
export interface MobileData extends StepForm, OtherMethods, OpenForm {
  purpose: CodePurpose;
  /** What was typed before. */
  typed: string;
  /** What can be typed, by what can be sent. */
  accepts: 'mobile' | 'email' | 'either';
  /** Other providers to register with. */
  providers?: ProviderChoice | undefined;
}

/** Asks for the code that was sent. */
export interface CodeData extends StepForm, OtherMethods {
  purpose: CodePurpose;
  /** As its owner writes it. */
  mobile: string;
  /** Also shown in the message; undefined when it is not known any more. */
  reference: string | undefined;
  /** How long the code works from when it was sent, as the message says. */
  minutes: number;
  /** Seconds until another code may be asked for. */
  wait: number;
  /** Seconds for which the code remains valid. */
  validFor: number;
  againAction: string;
  mobileAddress: string;
}

/** Whether people who register on the pages are asked for their national ID. */
export type AskedNationalId = 'required' | 'optional' | 'off';

/** Who a person is, as typed; `noThaiId` is `yes` for people who say that they have no national ID. */
export type TypedIdentity = Readonly<
  Record<'title' | 'firstName' | 'lastName' | 'birthDate' | 'thaiId' | 'noThaiId', string>
>;

/** The first step of who registers, once the mobile is verified. */
export interface IdentityData extends StepForm {
  typed: TypedIdentity;
  nationalId: AskedNationalId;
  titles: readonly { id: number; nameTh: string; nameEn: string }[];
  /** `YYYY-MM-DD`. */
  today: string;
}

/** The second step: how the person signs in. */
export interface CredentialsData extends StepForm {
  mobile: string;
  /** What was typed before. */
  email: string;
  /** A link to confirm the e-mail is mailed. */
  mailsLink: boolean;
  /** What the first step told, for what is said of a password that repeats it. */
  names: readonly string[];
  /** The first step. */
  backAddress: string;
  passwordLeast: number;
  /** A passkey in place of the password. */
  offersPasskey: boolean;
  /** Without an address, nothing is asked to be accepted. */
  termsUri: string | undefined;
  privacyUri: string | undefined;
}

export interface NewPasswordData extends StepForm {
  /** What the password belongs to, for the browser to remember it by. */
  identifier: string;
  passwordLeast: number;
}

/** `action` has the mail sent once more. */
export interface MailSentData extends Form {
  email: string;
  /** It was sent once more just now. */
  again: boolean;
  /** Where another address is typed. */
  otherAddress: string;
  /** The sign-in that waits, or a new one. */
  signInAddress: string | undefined;
  client: ClientCard | undefined;
}

/** Asks someone who is known at a provider for the rest of what a registration needs. */
export interface UpstreamRegistrationData extends StepForm {
  provider: ShownProvider;
  typed: TypedIdentity;
  email: string;
  /** The provider has verified the address. */
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
