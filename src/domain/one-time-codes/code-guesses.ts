import { timingSafeEqual } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { AppError } from '../../errors/app-error.ts';
import type { ContactKey } from '../contacts/contacts.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import { type CodeTriesDeps, codeTries } from './code-tries.ts';
import { parseCode } from './one-time-code.ts';
import { type CodeRow, lastCode, takeAnswer } from './one-time-code-store.ts';

/** The origin of a guess, and the digests that a right code is stored as. */
export interface Guessed {
  origin: Origin;
  /** One for each key of the keyring. */
  digestsOf(code: string): Buffer[];
}

/**
 * Checks a code that was typed for a contact without using it up. Returns its row, whatever its purpose. Throws
 * `CODE_WRONG` for every reason that it is not right, with the attempts that the caller has left, and
 * `TOO_MANY_ATTEMPTS`. Text that cannot be a code costs no attempt.
 */
export type GuessCode = (contact: ContactKey, typed: string, guessed: Guessed) => Promise<CodeRow>;

interface Deps extends CodeTriesDeps {
  settings: CodeTriesDeps['settings'] & Pick<Config['oneTimeCodes'], 'answersPerCode'>;
}

export function codeGuesses(deps: Deps): GuessCode {
  const { db, settings } = deps;
  const tries = codeTries(deps);

  /** Returns the error that states why no attempt was available. */
  async function unusable(key: string): Promise<AppError> {
    const last = await lastCode(db, key);
    const reason =
      (!last && 'no_code') ||
      (last?.used && 'used_code') ||
      (last?.expired && 'expired_code') ||
      'no_attempts_left';
    return new AppError('CODE_WRONG', { reason });
  }

  return async (contact, typed, { origin, digestsOf }) => {
    const code = parseCode(typed);
    if (code === undefined) throw new AppError('CODE_WRONG', { reason: 'wrong_code' });
    const attempt = await tries.take(contact, origin);
    if (!attempt) throw await unusable(contact.key);
    const { row } = attempt;
    if (!digestsOf(code).some((digest) => timingSafeEqual(digest, row.digest))) {
      await attempt.wasWrong();
      throw new AppError('CODE_WRONG', { triesLeft: attempt.left, reason: 'wrong_code' });
    }
    await attempt.wasRight();
    if (!(await takeAnswer(db, row.id, settings.answersPerCode)))
      throw new AppError('CODE_WRONG', { reason: 'no_attempts_left' });
    return row;
  };
}
