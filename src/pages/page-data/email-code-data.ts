import type { ClientCard, Form, FormError, OpenForm } from './form.ts';

interface EmailStep extends Form {
  client: ClientCard | undefined;
  cancelAction: string;
  errors?: readonly FormError[] | undefined;
  /** The password, and a code by SMS; undefined where the client does not want them. */
  passwordAddress?: string | undefined;
  codeAddress?: string | undefined;
  /** Undefined where nobody can register. */
  registerAddress?: string | undefined;
}

/** Asks for the address that a code is sent to. */
export interface EmailAddressData extends EmailStep, OpenForm {
  /** What was typed before, or who should sign in. */
  typed: string;
}

/** Asks for the code that was sent. */
export interface EmailCodeData extends EmailStep {
  email: string;
  /** Also shown in the mail; undefined when it is not known any more. */
  reference: string | undefined;
  /** How long the code works from when it was sent, as the mail says. */
  minutes: number;
  /** Seconds until another code may be asked for. */
  wait: number;
  /** Seconds for which the code remains valid. */
  validFor: number;
  againAction: string;
  addressAddress: string;
}

/** What the link of the mail opens: a button in the browser that asked, the code to type there in any other. */
export interface SignInLinkData {
  /** Masked. */
  email: string;
  /** In any other browser. */
  code?: string | undefined;
  /** In the browser that asked. */
  form?: (Form & { key: string }) | undefined;
}
