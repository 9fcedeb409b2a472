import type { Db } from '../../db/database.ts';
import type { Account } from '../accounts/account.ts';

/** The basis of a factor (NIST SP 800-63B §4). Two different kinds make a sign-in multi-factor. */
export type FactorKind = 'knowledge' | 'possession' | 'inherence' | 'delegated';

/** Returns whether people can sign in to this deployment with their links of this name. */
export type IsUsableLink = (binding: string) => boolean;

/** The fixed properties of an authentication method, independent of the deployment. */
export interface AuthenticationMethod {
  /** Also recorded in the audit trail, as `method`. */
  name: string;
  /** The steps of a sign-in for which it can be used: the first, a later one, or either. */
  step: 'first' | 'second' | 'either';
  /** The `acr` of a sign-in with this method alone (OpenID Connect Core §2); undefined if it is never used alone. */
  acr: string | undefined;
  /** RFC 8176. */
  amr: readonly string[];
  kinds: readonly FactorKind[];
  /** Its first page, below `/interaction/:uid/`; undefined for a method that only an API accepts. */
  page: string | undefined;
  /** The channel through which it sends. A deployment without the channel does not offer the method. */
  channel: 'mail' | 'sms' | undefined;
  /**
   * Returns whether the account can sign in with it, if by a link, then with one that `isUsableLink` accepts. Works
   * within a transaction.
   */
  enrolled(db: Db, account: Account, isUsableLink: IsUsableLink): boolean | Promise<boolean>;
}

/** Returns whether a sign-in to the account requires more than one factor. */
export type NeedsSecondFactor = (accountId: number) => Promise<boolean>;

/** A method with the means to verify an attempt. */
export interface Authenticator<Attempt> {
  method: AuthenticationMethod;
  /**
   * Returns the active account that the attempt belongs to. Counts the attempt, records it in the audit trail, and
   * throws an `AppError` that does not reveal which accounts exist.
   */
  verify(attempt: Attempt): Promise<Account>;
}
