import type { Db } from '../../../db/database.ts';
import type { Change } from '../../../db/one-statement.ts';
import type { RunQuery } from '../../../db/run-query.ts';
import { AppError } from '../../../errors/app-error.ts';
import type { Bulkhead } from '../../../lib/bulkhead.ts';
import type { PasswordHasher } from '../../../lib/passwords/password-hasher.ts';
import { actAs } from '../../../lib/request-context.ts';
import { type Account, cardNumber } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { audit, auditParts } from '../../audit/audit.ts';
import { readPasswordHash, replacePasswordHash } from '../../credentials/credentials.ts';
import { type Identifier, identifierOrText, type OtherText } from '../../identifiers/identifier.ts';
import type { KnownOrigins, Origin } from '../../known-origins/known-origins.ts';
import type { Refusals } from '../../rate-limits/refusals.ts';
import {
  counted,
  type Reservation,
  type SignInThrottle,
  type Subject,
} from '../../rate-limits/sign-in-throttle.ts';
import type { Authenticator, NeedsSecondFactor } from '../authenticator.ts';
import { passwordMethod } from './method.ts';
import { readSignIn, type SignInRead } from './sign-in-read.ts';

export interface PasswordAttempt {
  /** A mobile number, an e-mail address or a card number, as typed. */
  identifier: string;
  password: string;
  origin: Origin;
  clientId?: string | undefined;
  requestId?: string | undefined;
  /** Whether the caller asks for a second factor next, as pages do. Otherwise the password alone must suffice. */
  canContinue?: boolean;
}

/** An account whose password was correct. */
export interface PasswordVerified extends Account {
  /** Whether the account has no confirmed authenticator. */
  hasNoAuthenticator: boolean;
}

export interface PasswordAuthenticator extends Authenticator<PasswordAttempt> {
  /**
   * Returns the active account that this identifier and password belong to. Throws `INVALID_CREDENTIALS` for every
   * reason to refuse, after the same time. Throws `TOO_MANY_ATTEMPTS` when no attempts are left, even for the correct
   * password. Throws `SECOND_FACTOR_REQUIRED` after the correct password if it does not suffice and the caller cannot
   * continue.
   */
  verify(attempt: PasswordAttempt): Promise<PasswordVerified>;
  /**
   * Returns whether this is the current password of a signed-in account. Counts as a sign-in attempt. Throws
   * `TOO_MANY_ATTEMPTS`, and `ACCOUNT_NOT_FOUND` if the account was removed in the meantime.
   */
  isCurrent(guess: { accountId: number; password: string; origin: Origin }): Promise<boolean>;
}

interface Deps {
  db: Db;
  query: RunQuery;
  hasher: PasswordHasher;
  accounts: Pick<Accounts, 'find'>;
  throttle: Pick<SignInThrottle, 'reserve'>;
  refusals: Refusals;
  knownOrigins: Pick<KnownOrigins, 'rememberIn' | 'networkTag' | 'placesOf'>;
  needsSecondFactor: NeedsSecondFactor;
  /** Admits more sign-ins than there are hashing slots: some run their statements while others hash. */
  bulkhead: Bulkhead;
}

/** The wrong passwords of an account that are recorded in a window: as many as are checked from one place. */
const FAILURES_NOTED = 10;
/** The reason for a failed sign-in, for the audit trail only. */
interface Refused {
  reason: 'unknown_identifier' | 'no_password' | 'wrong_password' | 'not_active';
  /** Set for an account that is not active. */
  status?: Account['status'];
}

export function passwordAuthenticator({
  db,
  query,
  hasher,
  accounts,
  throttle,
  refusals,
  knownOrigins,
  needsSecondFactor,
  bulkhead,
}: Deps): PasswordAuthenticator {
  function subjectOf(named: Identifier | OtherText, accountId: number | undefined): Subject {
    if (named.kind === 'card') return { accountId, identifier: cardNumber({ id: named.key }), isCard: true };
    return { accountId, identifier: named.key };
  }

  /**
   * Refunds the attempt if the guess could not be checked: no hashing slot was free, or the database was unavailable.
   */
  async function judged<T>(reservation: Reservation, look: () => Promise<T>): Promise<T> {
    try {
      return await look();
    } catch (error) {
      await reservation.refund();
      throw error;
    }
  }

  async function verified(
    { password }: PasswordAttempt,
    subject: Subject,
    { account, hash: stored }: SignInRead,
  ): Promise<Account | Refused> {
    const { right, rehash } = await hasher.verify(password, stored);
    const reason =
      (subject.accountId === undefined && 'unknown_identifier') ||
      (stored === undefined && 'no_password') ||
      (!right && 'wrong_password') ||
      (account?.status !== 'active' && 'not_active');
    if (!account || !stored || reason)
      return {
        reason: reason || 'unknown_identifier',
        ...(account && reason === 'not_active' ? { status: account.status } : {}),
      };
    if (rehash) await replacePasswordHash(db, account.id, stored, await hasher.hash(password));
    return account;
  }

  return {
    method: passwordMethod,
    isCurrent: ({ accountId, password, origin }) =>
      bulkhead.run(async () => {
        const subject = { accountId, identifier: '' };
        const about = { subject: counted(subject), address: origin.address };
        const details = { method: passwordMethod.name };
        const reservation = await refusals.ofLimits(
          () => ({ event: 'reauthentication.refused', accountId, details }),
          about,
          () => throttle.reserve(subject, origin),
        );
        const { right } = await judged(reservation, async () =>
          hasher.verify(password, await readPasswordHash(db, accountId)),
        );
        if (right) {
          await reservation.refund();
          return true;
        }
        // the password was removed with the account while the request was in progress
        const account = await accounts.find(accountId);
        if (account === undefined || account.status === 'deleted') throw new AppError('ACCOUNT_NOT_FOUND');
        await refusals.note(
          { event: 'reauthentication.failed', accountId, reason: 'wrong_password', details },
          { ...about, most: FAILURES_NOTED },
        );
        return false;
      }),
    verify: (attempt) =>
      bulkhead.run(async () => {
        const named = identifierOrText(attempt.identifier);
        // an unknown identifier costs the same statements and the same hash, so that the time reveals nothing; the read
        // precedes the hash, so that a sign-in that a concurrent reset revokes is not issued as if it followed the
        // reset
        const read = await readSignIn(query, named, knownOrigins.placesOf(attempt.origin));
        const subject = subjectOf(named, read.account?.id);
        const trail = {
          accountId: subject.accountId,
          clientId: attempt.clientId,
          requestId: attempt.requestId,
          details: { method: passwordMethod.name, network: knownOrigins.networkTag(attempt.origin) },
        };
        const reservation = await refusals.ofLimits(
          () => ({ ...trail, event: 'sign_in.refused' }),
          { subject: counted(subject), address: attempt.origin.address },
          () => throttle.reserve(subject, attempt.origin, read),
        );
        const account = await judged(reservation, () => verified(attempt, subject, read));
        if ('reason' in account) {
          const { reason, status } = account;
          await audit({ db }).record({
            ...trail,
            event: 'sign_in.failed',
            reason,
            details: { ...trail.details, ...(status ? { status } : {}) },
          });
          throw new AppError('INVALID_CREDENTIALS', { reason });
        }
        const mustContinue = !attempt.canContinue && read.mayHaveSecondFactor;
        if (mustContinue && (await judged(reservation, () => needsSecondFactor(account.id)))) {
          await Promise.all([
            reservation.refund(),
            audit({ db }).record({ ...trail, event: 'sign_in.refused', reason: 'second_factor_missing' }),
          ]);
          throw new AppError('SECOND_FACTOR_REQUIRED');
        }
        actAs(`account:${account.id}`);
        const succeed = (places: readonly Change[]) =>
          reservation.refundWith([...places, ...auditParts({ ...trail, event: 'sign_in.succeeded' })]);
        await judged(reservation, () =>
          read.isRecorded ? succeed([]) : knownOrigins.rememberIn(account.id, attempt.origin, succeed),
        );
        return { ...account, hasNoAuthenticator: !read.mayHaveSecondFactor };
      }),
  };
}
