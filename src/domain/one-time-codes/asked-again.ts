import type { Config } from '../../config/config.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Counters } from '../rate-limits/counters.ts';

interface Deps {
  counters: Counters;
  settings: Pick<Config['oneTimeCodes'], 'resendAfter'>;
}

/** Of notes, which are counted and never refused. */
const UNLIMITED = 1_000_000;

const isPaused = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'TOO_MANY_ATTEMPTS' && error.lock?.limit === 'code_pause';

/**
 * Counts a message by `consume`; false when the same browser, which `note` names, has had one sent moments ago. Throws
 * what `consume` throws.
 */
export async function consumeUnlessAsked(
  { counters, settings }: Deps,
  note: string,
  consume: () => Promise<void>,
): Promise<boolean> {
  // noted before anything is taken: the same form, sent twice at once, finds the note of the one that was first
  await counters.consume(note, UNLIMITED, settings.resendAfter);
  try {
    await consume();
    return true;
  } catch (error) {
    await counters.refund(note);
    if (isPaused(error) && !(await counters.look(note, 1)).taken) return false;
    throw error;
  }
}
