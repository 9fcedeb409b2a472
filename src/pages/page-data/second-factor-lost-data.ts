import type { ClientCard, Form, FormError } from './form.ts';
import type { Moment } from './moment.ts';

/** What someone who has lost the second factor can do now. */
export type LostState =
  /** Ask an operator: nothing proves who it is, or the deployment leaves it to operators. */
  | 'operator'
  /** Sign in first: the session is too old to say so. */
  | 'again'
  /** Begin to wait. */
  | 'begin'
  /** Wait. */
  | 'waiting'
  /** Remove it: the wait is over. */
  | 'finish';

/** A contact to send a code to, masked. */
export interface LostContact {
  factor: 'sms' | 'email';
  to: string;
}

/** For those who have lost their authenticator app and the recovery codes. */
export interface SecondFactorLostData extends Form {
  client: ClientCard | undefined;
  state: LostState;
  /** How long they wait. */
  hours: number;
  /** When the wait is over. */
  availableAt: Moment | undefined;
  /** One of these has to be proved; empty where the first factor proved one. */
  contacts: readonly LostContact[];
  /** Signs in again. */
  againAction: string;
  /** Asks for the second factor after all. */
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
