import type { ClientCard, Form, FormError } from './form.ts';

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
}

/** Asks for the mobile that a code is sent to. */
export interface MobileData extends StepForm, OtherMethods {
  purpose: CodePurpose;
  /** What was typed before. */
  typed: string;
  /** What can be typed, by what can be sent. */
  accepts: 'mobile' | 'email' | 'either';
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

/** What a person says of themselves, as typed. */
export type TypedPerson = Readonly<
  Record<'title' | 'firstName' | 'lastName' | 'birthDate' | 'thaiId' | 'email', string>
>;

export interface RegisterData extends StepForm {
  mobile: string;
  /** A link to confirm the e-mail is mailed. */
  mailsLink: boolean;
  typed: TypedPerson;
  titles: readonly { id: number; nameTh: string; nameEn: string }[];
  /** `YYYY-MM-DD`. */
  today: string;
  passwordLeast: number;
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
