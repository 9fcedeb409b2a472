import { AppError } from '../../errors/app-error.ts';
import { addressKey } from '../../lib/addresses.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { isOfLimit, type Refusals } from '../rate-limits/refusals.ts';
import { type MailedPurpose, parseKey } from './mailed-secret.ts';

/** An attempt with a key that was typed or came with a link. */
export interface Trial {
  purpose: MailedPurpose;
  key: string;
  origin: Origin;
  /** The account that the key is tried for, where the request names one. */
  accountId?: (() => Promise<number | undefined>) | undefined;
}

export interface CallerTries {
  /**
   * Lets a caller try a key, and allows ten wrong keys an hour per address. The attempt is counted before `guess` runs,
   * and refunded unless the key was wrong. A text that cannot be a key throws `LINK_INVALID` immediately and costs no
   * attempt. Throws `TOO_MANY_ATTEMPTS`, and the errors of `guess`.
   */
  spend<T>(trial: Trial, guess: () => Promise<T>): Promise<T>;
}

const WRONG_AN_HOUR = 10;

const isWrong = (error: unknown): boolean => error instanceof AppError && error.code === 'LINK_INVALID';

interface Deps {
  counters: Counters;
  refusals: Pick<Refusals, 'noteError'>;
}

export function callerTries({ counters, refusals }: Deps): CallerTries {
  async function spend<T>({ purpose, key, origin: { address } }: Trial, guess: () => Promise<T>): Promise<T> {
    if (parseKey(purpose, key) === undefined) throw new AppError('LINK_INVALID');
    const counter = `${purpose} wrong ${addressKey(address)}`;
    const { taken, retryAfter: seconds } = await counters.consume(counter, WRONG_AN_HOUR, HOUR_SECONDS);
    if (!taken)
      throw new AppError('TOO_MANY_ATTEMPTS', { retryAfter: seconds, lock: { limit: 'links', seconds } });
    try {
      const found = await guess();
      await counters.refund(counter);
      return found;
    } catch (error) {
      if (!isWrong(error)) await counters.refund(counter);
      throw error;
    }
  }

  async function note({ purpose, origin: { address }, accountId }: Trial, error: AppError): Promise<void> {
    const isRefused = isOfLimit(error);
    await refusals.noteError(
      error,
      {
        event: isRefused ? 'link.refused' : 'link.failed',
        accountId: await accountId?.(),
        reason: 'invalid_link',
        details: { purpose },
      },
      { subject: `${purpose} ${addressKey(address)}`, address, most: isRefused ? 1 : WRONG_AN_HOUR },
    );
  }

  return {
    async spend(trial, guess) {
      try {
        return await spend(trial, guess);
      } catch (error) {
        if (error instanceof AppError && (isWrong(error) || isOfLimit(error))) await note(trial, error);
        throw error;
      }
    },
  };
}
