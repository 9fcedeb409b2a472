import { AppError } from '../../errors/app-error.ts';
import { addressKey } from '../../lib/addresses.ts';
import type { Origin } from '../attempts/attempts.ts';
import type { Counters } from '../attempts/counters.ts';
import type { MailedPurpose } from './mailed-secret.ts';

export interface CallerTries {
  /**
   * Lets a caller try a secret, ten wrong ones an hour from one address; it is counted before `guess` looks, and not
   * when the secret was right. Throws `TOO_MANY_ATTEMPTS`, and what `guess` throws.
   */
  spend<T>(purpose: MailedPurpose, origin: Origin, guess: () => Promise<T>): Promise<T>;
}

const WRONG_AN_HOUR = 10;
const HOUR_SECONDS = 3600;

const isWrong = (error: unknown): boolean => error instanceof AppError && error.code === 'LINK_INVALID';

export const callerTries = ({ counters }: { counters: Counters }): CallerTries => ({
  async spend(purpose, { address }, guess) {
    const counter = `${purpose} wrong ${addressKey(address)}`;
    const { taken, retryAfter } = await counters.take(counter, WRONG_AN_HOUR, HOUR_SECONDS);
    if (!taken) throw new AppError('TOO_MANY_ATTEMPTS', { retryAfter });
    try {
      const found = await guess();
      await counters.giveBack(counter);
      return found;
    } catch (error) {
      if (!isWrong(error)) await counters.giveBack(counter);
      throw error;
    }
  },
});
