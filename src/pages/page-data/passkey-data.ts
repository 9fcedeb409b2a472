import type { ClientCard, FormError, Framed } from './form.ts';

/** A form that a script fills in with the response of an authenticator. */
export interface PasskeyForm {
  action: string;
  /** The address from which the script fetches the options of the ceremony, by POST. */
  options: string;
}

/** The page of the method: the button, and the result. */
export interface PasskeyData {
  client: ClientCard | undefined;
  csrf: string;
  passkey: PasskeyForm;
  /** The password. Undefined where the client does not accept it. */
  passwordAddress?: string | undefined;
  /** A code by SMS. */
  codeAddress?: string | undefined;
  /** A code by e-mail. */
  emailAddress?: string | undefined;
  cancelAction: string;
  errors?: readonly FormError[];
  /** A passkey that its authenticator should remove because it is no longer registered. */
  unknown?: { rpId: string; credentialId: string } | undefined;
}

/** Offers a passkey after a sign-in. */
export interface PasskeyOfferData {
  client: ClientCard | undefined;
  csrf: string;
  passkey: PasskeyForm;
  /** Continues without a passkey. */
  laterAction: string;
  errors?: readonly FormError[];
}

export interface AccountPasskeyData extends Framed {
  passkey: PasskeyForm;
}
