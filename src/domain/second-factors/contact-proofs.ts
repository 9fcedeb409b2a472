import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { Channels } from '../messages/channels.ts';
import type { ContactCodes } from '../one-time-codes/contact-codes.ts';
import { type ContactCodePurpose, parseCode } from '../one-time-codes/one-time-code.ts';
import type { CodeSent } from '../one-time-codes/one-time-codes.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import type { SignInThrottle } from '../rate-limits/sign-in-throttle.ts';
import { factorGuesses, requireCode } from './factor-guesses.ts';
import { type OfferedFactor, type SentCodeRequest, sentCodes } from './sent-codes.ts';
import type { SentFactor } from './sent-factor.ts';

/**
 * Codes that prove a contact of the account before its second factor is removed. A person who has only the password can
 * neither begin nor finish the removal.
 */
export interface ContactProofs {
  /** Returns the main contact of each kind, if it is the owner's and this deployment can send messages to it. */
  contactsOf(accountId: number): Promise<readonly OfferedFactor[]>;
  /** Sends a code; returns and throws as `SecondFactors.send` does. */
  send(accountId: number, factor: SentFactor, request: SentCodeRequest): Promise<CodeSent | undefined>;
  /**
   * Uses up a code, as typed by a person. Failures count like those of second factors; text that cannot be a code does
   * not count. Throws `CODE_WRONG`, `TOO_MANY_ATTEMPTS`.
   */
  prove(
    accountId: number,
    factor: SentFactor,
    guess: { code: string; browser: string; origin: Origin },
  ): Promise<void>;
}

interface Deps {
  db: Db;
  accounts: Pick<Accounts, 'find'>;
  channels: Channels;
  contactCodes: ContactCodes;
  throttle: Pick<SignInThrottle, 'reserveSecondFactor'>;
  refusals: Pick<Refusals, 'noteError' | 'ofLimits'>;
}

const PURPOSE: ContactCodePurpose = 'remove_second_factor';

export function contactProofs(deps: Deps): ContactProofs {
  const { accounts } = deps;
  const sent = sentCodes({ ...deps, purpose: PURPOSE });
  const { guess, noting } = factorGuesses(deps);

  async function found(accountId: number) {
    const account = await accounts.find(accountId);
    if (!account) throw new AppError('NOT_FOUND');
    return account;
  }

  return {
    contactsOf: async (accountId) => sent.possible(await accounts.find(accountId)),
    // no second factor counts as enabled here: a contact that a recovery left unconfirmed proves nothing
    send: async (accountId, factor, request) => sent.send(await found(accountId), [], factor, request),
    async prove(accountId, factor, { code, browser, origin }) {
      const digits = requireCode(parseCode(code));
      const account = await found(accountId);
      const check = async () => (await sent.use(account, [], factor, { code: digits, browser })) || undefined;
      const events = { failed: 'code.failed', refused: 'code.refused' } as const;
      await noting({ accountId, details: { purpose: PURPOSE } }, events, origin, () =>
        guess(accountId, origin, check),
      );
    },
  };
}
