import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import { isOfLimit, type Refusals } from '../rate-limits/refusals.ts';
import type { SignInThrottle } from '../rate-limits/sign-in-throttle.ts';

/** A second factor that a person presents in a sign-in. */
export interface FactorAttempt {
  origin: Origin;
  clientId: string | undefined;
}

export interface FactorGuesses {
  /**
   * Counts a guess like one at the password, and refunds it when it was right or could not be checked. Throws
   * `CODE_WRONG`, `TOO_MANY_ATTEMPTS`.
   */
  guess<Found>(accountId: number, origin: Origin, check: () => Promise<Found | undefined>): Promise<Found>;
  /** Does the same in a sign-in, and records the result in the audit trail; `check` returns the name of the method. */
  attempt<Name extends string>(
    accountId: number,
    attempt: FactorAttempt,
    check: () => Promise<Name | undefined>,
  ): Promise<Name>;
  /** Records failed guesses in the audit trail, as these events. */
  noting<Found>(
    trail: Omit<AuditEvent, 'event'> & { accountId: number },
    events: { failed: AuditEvent['event']; refused: AuditEvent['event'] },
    origin: Origin,
    work: () => Promise<Found>,
  ): Promise<Found>;
}

interface Deps {
  db: Db;
  throttle: Pick<SignInThrottle, 'reserveSecondFactor'>;
  refusals: Pick<Refusals, 'noteError'>;
}

/** The wrong codes of an account that are recorded in a window: as many as are checked from one place. */
const FAILURES_NOTED = 10;

const wrongCode = (): AppError => new AppError('CODE_WRONG', { field: 'code', reason: 'wrong_code' });

/** Returns a parsed code. Throws `CODE_WRONG` for text that cannot be a code, which is not a guess. */
export function requireCode<Code>(parsed: Code | undefined): Code {
  if (parsed === undefined) throw wrongCode();
  return parsed;
}

/** Guesses at the second factors of an account share one limit, whichever of them they are for. */
export function factorGuesses({ db, throttle, refusals }: Deps): FactorGuesses {
  const guess: FactorGuesses['guess'] = async (accountId, origin, check) => {
    const { refund } = await throttle.reserveSecondFactor(accountId, origin);
    const found = await check().catch(async (error: unknown) => {
      await refund();
      throw error;
    });
    if (found === undefined) throw wrongCode();
    await refund();
    return found;
  };

  const noting: FactorGuesses['noting'] = async (trail, events, { address }, work) => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError && error.status < 500) {
        const isRefused = isOfLimit(error);
        await refusals.noteError(
          error,
          { ...trail, event: isRefused ? events.refused : events.failed },
          { subject: `account ${trail.accountId}`, address, most: isRefused ? 1 : FAILURES_NOTED },
        );
      }
      throw error;
    }
  };

  return {
    guess,
    noting,
    attempt(accountId, { origin, clientId }, check) {
      const trail = { accountId, clientId };
      const events = { failed: 'second_factor.failed', refused: 'second_factor.refused' } as const;
      return noting(trail, events, origin, async () => {
        const name = await guess(accountId, origin, check);
        await audit({ db }).record({ ...trail, event: 'second_factor.succeeded', details: { method: name } });
        return name;
      });
    },
  };
}
