import type { Config } from '../../config/config.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Counters } from '../rate-limits/counters.ts';
import type { MessageRefund } from './send-limits.ts';

interface Deps {
  counters: Counters;
  settings: Pick<Config['oneTimeCodes'], 'resendAfter'>;
}

/** The limit of notes, which are counted and never refused. */
const UNLIMITED = 1_000_000;

const isPaused = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'TOO_MANY_ATTEMPTS' && error.lock?.limit === 'code_pause';

/**
 * Counts a message by `consume`. Returns a function that refunds it with the note. Returns undefined when the same
 * browser, which `note` identifies, was sent one moments ago. Throws the errors of `consume`.
 */
export async function consumeUnlessAsked(
  { counters, settings }: Deps,
  note: string,
  consume: () => Promise<MessageRefund>,
): Promise<MessageRefund | undefined> {
  // noted before anything is counted: of two simultaneous submissions of a form, the second finds the note of the first
  await counters.consume(note, UNLIMITED, settings.resendAfter);
  try {
    const refund = await consume();
    return async () => {
      await counters.refund(note);
      await refund();
    };
  } catch (error) {
    await counters.refund(note);
    if (isPaused(error) && !(await counters.look(note, 1)).taken) return undefined;
    throw error;
  }
}
