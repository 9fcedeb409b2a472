import type { Db } from '../../../db/database.ts';
import { transaction } from '../../../db/transaction.ts';
import { AppError } from '../../../errors/app-error.ts';
import { actAs } from '../../../lib/request-context.ts';
import type { Account } from '../../accounts/account.ts';
import { audit } from '../../audit/audit.ts';
import type { Identifiers } from '../../identifiers/identifiers.ts';
import type { KnownOrigins, Origin } from '../../known-origins/known-origins.ts';
import type { OneTimeCodes } from '../../one-time-codes/one-time-codes.ts';
import { isOfLimit, type Refusals } from '../../rate-limits/refusals.ts';
import type { Authenticator } from '../authenticator.ts';
import { smsCodeMethod } from './method.ts';

/** A sign-in of a person who has proved a mobile. */
export interface VerifiedMobile {
  /** E.164. */
  mobile: string;
  origin: Origin;
  clientId?: string | undefined;
  requestId?: string | undefined;
}

export interface CodeAttempt extends VerifiedMobile {
  code: string;
  /** A value that only this browser has: the same form sent twice signs in once more. */
  browser: string;
}

/**
 * Signing in with a code by SMS. The number that signs in is already verified and confirmed for its account. So the
 * sign-in proves nothing new, and existing sessions and tokens stay valid.
 */
export interface SmsCodeAuthenticator extends Authenticator<CodeAttempt> {
  /** The active account of the number. Throws `CODE_WRONG` for every reason to refuse, `TOO_MANY_ATTEMPTS`. */
  verify(attempt: CodeAttempt): Promise<Account>;
  /**
   * The account of a number that the caller's browser has proved just now by something else, such as registering with
   * it; undefined when it may not sign in.
   */
  afterVerification(proved: VerifiedMobile): Promise<Account | undefined>;
}

interface Deps {
  db: Db;
  codes: OneTimeCodes;
  identifiers: Identifiers;
  refusals: Pick<Refusals, 'noteError'>;
  knownOrigins: Pick<KnownOrigins, 'remember' | 'networkTag'>;
}

/** Of one number in a window of refusals: as many as a code has attempts. */
const FAILURES_NOTED = 5;

export function smsCode({ db, codes, identifiers, refusals, knownOrigins }: Deps): SmsCodeAuthenticator {
  async function holderOf(mobile: string): Promise<Account | undefined> {
    const account = await identifiers.trustedAccount(mobile);
    return account?.status === 'active' ? account : undefined;
  }

  const trailOf = ({ clientId, requestId, origin }: VerifiedMobile, accountId?: number) => ({
    accountId,
    clientId,
    requestId,
    details: { method: smsCodeMethod.name, network: knownOrigins.networkTag(origin) },
  });

  async function succeed(proved: VerifiedMobile, account: Account): Promise<Account> {
    actAs(`account:${account.id}`);
    await Promise.all([
      knownOrigins.remember(account.id, proved.origin),
      audit({ db }).record({ ...trailOf(proved, account.id), event: 'sign_in.succeeded' }),
    ]);
    return account;
  }

  async function useCode({ mobile, code, origin }: CodeAttempt): Promise<Account> {
    const right = await codes.check({ mobile, code, purpose: 'login', origin });
    const account = await identifiers.trustedAccount(mobile);
    if (account?.status !== 'active')
      throw new AppError('CODE_WRONG', { reason: account ? 'not_active' : 'unknown_identifier' });
    await transaction(db, (tx) => codes.use(tx, right));
    return account;
  }

  /** Guesses at a number that no code waits for cost no try, so there may be any number of them: not each has a row. */
  async function noteFailure(attempt: CodeAttempt, error: AppError, accountId?: number): Promise<void> {
    const isRefused = isOfLimit(error);
    const trail = trailOf(attempt, accountId);
    const account =
      error.reason === 'not_active' ? await identifiers.trustedAccount(attempt.mobile) : undefined;
    const details = { ...trail.details, ...(account ? { status: account.status } : {}) };
    await refusals.noteError(
      error,
      { ...trail, details, event: isRefused ? 'sign_in.refused' : 'sign_in.failed' },
      {
        subject: `name ${attempt.mobile}`,
        address: attempt.origin.address,
        most: isRefused ? 1 : FAILURES_NOTED,
      },
    );
  }

  return {
    method: smsCodeMethod,
    async verify(attempt) {
      try {
        return await succeed(attempt, await useCode(attempt));
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) throw error;
        const { mobile, code, browser } = attempt;
        // the same questions whether or not an account has the number: the time must not tell
        const [accountId, isAgain] = await Promise.all([
          identifiers.accountId({ kind: 'mobile', key: mobile }),
          codes.usedBy(mobile, code, browser),
        ]);
        const account = error.code === 'CODE_WRONG' && isAgain ? await holderOf(mobile) : undefined;
        if (account) return account;
        await noteFailure(attempt, error, accountId);
        throw error;
      }
    },
    async afterVerification(proved) {
      const account = await holderOf(proved.mobile);
      return account && succeed(proved, account);
    },
  };
}
