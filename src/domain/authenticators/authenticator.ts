import type { Db } from '../../db/database.ts';
import type { Account } from '../accounts/account.ts';

/** What a factor rests on (NIST SP 800-63B §4): two different kinds make a sign-in multi-factor. */
export type FactorKind = 'knowledge' | 'possession' | 'inherence' | 'delegated';

/** What is fixed about an authentication method, whatever the deployment. */
export interface AuthenticationMethod {
  /** Also in the audit trail, as `method`. */
  name: string;
  /** The steps of a sign-in that it can be: the first, a later one, or either. */
  step: 'first' | 'second' | 'either';
  /** The `acr` of a sign-in with this method alone (OpenID Connect Core §2); undefined where it is never alone. */
  acr: string | undefined;
  /** RFC 8176. */
  amr: readonly string[];
  kinds: readonly FactorKind[];
  /** Its first page, below `/interaction/:uid/`; undefined for a method that only an API accepts. */
  page: string | undefined;
  /** The channel that it sends through; a deployment without the channel does not offer the method. */
  channel: 'mail' | 'sms' | undefined;
  /** Whether the account can sign in with it. Works within a transaction. */
  enrolled(db: Db, account: Account): boolean | Promise<boolean>;
}

/** Whether a sign-in to the account is not finished with one factor. */
export type NeedsSecondFactor = (accountId: number) => Promise<boolean>;

/** A method with its means to verify what a person presents. */
export interface Authenticator<Attempt> {
  method: AuthenticationMethod;
  /**
   * The active account that the attempt belongs to. Counts the attempt, writes it to the audit trail, and throws an
   * `AppError` that does not reveal which accounts exist.
   */
  verify(attempt: Attempt): Promise<Account>;
}
