import type { Config } from '../../config/config.ts';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import { networkOf } from '../../lib/addresses.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { contacts } from '../contacts/contacts.ts';
import type { KnownOrigins, Origin } from '../known-origins/known-origins.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { isNetworkOf } from './asker.ts';
import {
  type CodeRow,
  consumeAttempt,
  refundAttempt,
  type TriesColumn,
  waitingCode,
} from './one-time-code-store.ts';

/** An attempt that was consumed before the code is checked. */
export interface CodeTry {
  row: CodeRow;
  /** How many of the caller's are left for this code. */
  left: number;
  /** The guess was wrong: it counts for the number, too. */
  wasWrong(): Promise<void>;
  wasRight(): Promise<void>;
}

export interface CodeTries {
  /**
   * Consumes an attempt at the code that waits for a number; undefined when none waits or it has no try left for this
   * caller. The network that asked for the code has attempts of its own, and so have the places that signed in to the
   * account of the number: strangers cannot use these up. Throws `TOO_MANY_ATTEMPTS` when the caller has had too
   * many wrong ones at this number.
   */
  take(mobile: string, origin: Origin): Promise<CodeTry | undefined>;
}

export interface CodeTriesDeps {
  db: Db;
  keyring: Keyring;
  counters: Counters;
  knownOrigins: Pick<KnownOrigins, 'isKnown'>;
  settings: Pick<Config['oneTimeCodes'], 'triesPerCode' | 'wrongPerHour'>;
}

/** The counters that keep codes to a mobile, or to the key of an e-mail, from being tried by strangers or sent. */
export const codeLockNames = (contact: string): string[] => [
  `code wrong ${contact}`,
  `code pause ${contact}`,
  `code hour ${contact}`,
  `code day ${contact}`,
];

export function codeTries({ db, keyring, counters, knownOrigins, settings }: CodeTriesDeps): CodeTries {
  /**
   * Whose attempts the caller's are. The same statements whether or not an account has the number: the time must not
   * tell.
   */
  async function columnOf(
    { address, device }: Origin,
    mobile: string,
    waiting: CodeRow | undefined,
  ): Promise<TriesColumn> {
    if (waiting && isNetworkOf(keyring, address)(waiting.network)) return 'tries';
    const accountId = await contacts({ db }).trustedOwner('mobile', mobile);
    return (await knownOrigins.isKnown(accountId, { address, device })) ? 'tries_known' : 'tries_others';
  }

  return {
    async take(mobile, origin) {
      const waiting = await waitingCode(db, mobile);
      const column = await columnOf(origin, mobile, waiting);
      const own = column === 'tries_others' ? '' : ` ${networkOf(origin.address)}`;
      const counter = `code wrong ${mobile}${own}`;
      // each code's own attempts are taken before it is checked, so this one cannot be overrun by more than those
      const { taken, retryAfter } = await counters.look(counter, settings.wrongPerHour);
      if (!taken)
        throw new AppError('TOO_MANY_ATTEMPTS', {
          retryAfter,
          lock: { limit: 'codes', seconds: retryAfter },
        });
      // a guess at a number that no code waits for is none: counted, it would let anyone block the number
      const row = waiting && (await consumeAttempt(db, waiting.id, column, settings.triesPerCode));
      return (
        row && {
          row,
          left: settings.triesPerCode - row[column],
          wasWrong: async () => void (await counters.consume(counter, settings.wrongPerHour, HOUR_SECONDS)),
          wasRight: () => refundAttempt(db, row.id, column),
        }
      );
    },
  };
}
