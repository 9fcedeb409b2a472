import type { ClientCard, FormError, Framed } from './form.ts';

/** A form that a script fills in with what an authenticator says. */
export interface PasskeyForm {
  action: string;
  /** Where the script gets the options of the ceremony from, by POST. */
  options: string;
}

/** The page of the method: the button, and what happened. */
export interface PasskeyData {
  client: ClientCard | undefined;
  csrf: string;
  passkey: PasskeyForm;
  /** The password; undefined where the client does not want it. */
  passwordAddress?: string | undefined;
  /** A code by SMS. */
  codeAddress?: string | undefined;
  /** A code by e-mail. */
  emailAddress?: string | undefined;
  cancelAction: string;
  errors?: readonly FormError[];
  /** A passkey that its authenticator should forget: it is registered no more. */
  unknown?: { rpId: string; credentialId: string } | undefined;
}

/** Offers a passkey after a sign-in. */
export interface PasskeyOfferData {
  client: ClientCard | undefined;
  csrf: string;
  passkey: PasskeyForm;
  /** Goes on without. */
  laterAction: string;
  errors?: readonly FormError[];
}

export interface AccountPasskeyData extends Framed {
  passkey: PasskeyForm;
}
