import type { ClientCard, Form, FormError, OpenForm } from './form.ts';

interface EmailStep extends Form {
  client: ClientCard | undefined;
  cancelAction: string;
  errors?: readonly FormError[] | undefined;
  /** The password, and a code by SMS. Undefined where the client does not accept them. */
  passwordAddress?: string | undefined;
  codeAddress?: string | undefined;
  /** Undefined where registration is not possible. */
  registerAddress?: string | undefined;
}

/** Asks for the address to which a code is sent. */
export interface EmailAddressData extends EmailStep, OpenForm {
  /** The value typed before, or the hint of the client. */
  typed: string;
}

/** Asks for the code that was sent. */
export interface EmailCodeData extends EmailStep {
  email: string;
  /** Also shown in the mail. Undefined if it is no longer stored. */
  reference: string | undefined;
  /** The lifetime of the code when it was sent, as stated in the mail. */
  minutes: number;
  /** Seconds until another code can be requested. */
  wait: number;
  /** Seconds until the code expires. */
  validFor: number;
  againAction: string;
  addressAddress: string;
}

/**
 * The page that the link in the mail opens. It has a button in the browser that requested the code, and shows the
 * code in any other.
 */
export interface SignInLinkData {
  /** Masked. */
  email: string;
  /** In any other browser. */
  code?: string | undefined;
  /** In the browser that requested the code. */
  form?: (Form & { key: string }) | undefined;
}
