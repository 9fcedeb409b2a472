import type { ClientCard, Form, FormError } from './form.ts';
import type { Moment } from './moment.ts';

/** The next step for a person who has lost the second factor. */
export type LostState =
  /** Contact an operator: the person's identity cannot be proved, or the deployment leaves recovery to operators. */
  | 'operator'
  /** Sign in first: this sign-in has no first factor of its own. */
  | 'again'
  /** Start the waiting period. */
  | 'begin'
  /** Wait. */
  | 'waiting'
  /** Remove the second factor: the waiting period is over. */
  | 'finish';

/** A contact to which a code can be sent, masked. */
export interface LostContact {
  factor: 'sms' | 'email';
  to: string;
}

/** For people who have lost their authenticator app and the recovery codes. */
export interface SecondFactorLostData extends Form {
  client: ClientCard | undefined;
  state: LostState;
  /** The waiting period in hours. */
  hours: number;
  /** The end of the waiting period. */
  availableAt: Moment | undefined;
  /** One of these must be proved. Empty if the first factor proved one. */
  contacts: readonly LostContact[];
  /** Signs in again. */
  againAction: string;
  /** The page that asks for the second factor. */
  codeAddress: string;
  cancelAction: string;
  errors?: readonly FormError[];
}

/** The code that proves the contact. */
export interface SecondFactorLostCodeData extends Form, LostContact {
  client: ClientCard | undefined;
  intent: 'begin' | 'finish';
  lostAddress: string;
  cancelAction: string;
  errors?: readonly FormError[];
}
