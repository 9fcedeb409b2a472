import type { Config } from '../../config/config.ts';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import { networkOf } from '../../lib/addresses.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { type ContactKey, contacts } from '../contacts/contacts.ts';
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
  /** The guess was wrong: it counts for the account of the contact, or for the contact, too. */
  wasWrong(): Promise<void>;
  wasRight(): Promise<void>;
}

export interface CodeTries {
  /**
   * Consumes an attempt at the code that waits for a contact; undefined when none waits or it has no try left for this
   * caller. The network that asked for the code has attempts of its own, and so have the places that signed in to the
   * account of the contact: strangers cannot use these up. Throws `TOO_MANY_ATTEMPTS` when the caller has had too
   * many wrong ones at this contact, or at any contact of the account that has verified it.
   */
  take(contact: ContactKey, origin: Origin): Promise<CodeTry | undefined>;
}

export interface CodeTriesDeps {
  db: Db;
  keyring: Keyring;
  counters: Counters;
  knownOrigins: Pick<KnownOrigins, 'isKnown'>;
  settings: Pick<Config['oneTimeCodes'], 'triesPerCode' | 'wrongPerHour'>;
}

/** What wrong codes are counted under: a second contact of an account is no second chance to guess. */
const guessName = (key: string, accountId: number | undefined): string =>
  `code wrong ${accountId === undefined ? key : `account ${accountId}`}`;

/** The counter that keeps codes to all contacts of an account from being tried by strangers. */
export const codeGuessLockName = (accountId: number): string => guessName('', accountId);

/** The counters that keep codes to a mobile, or to the key of an e-mail, from being tried by strangers or sent. */
export const codeLockNames = (contact: string): string[] => [
  guessName(contact, undefined),
  `code pause ${contact}`,
  `code hour ${contact}`,
  `code day ${contact}`,
];

export function codeTries({ db, keyring, counters, knownOrigins, settings }: CodeTriesDeps): CodeTries {
  /**
   * Whose attempts the caller's are. The same statements whether or not an account has the contact: the time must not
   * tell.
   */
  async function columnOf(
    { address, device }: Origin,
    accountId: number | undefined,
    waiting: CodeRow | undefined,
  ): Promise<TriesColumn> {
    if (waiting && isNetworkOf(keyring, address)(waiting.network)) return 'tries';
    return (await knownOrigins.isKnown(accountId, { address, device })) ? 'tries_known' : 'tries_others';
  }

  return {
    async take({ kind, key }, origin) {
      const [waiting, accountId] = await Promise.all([
        waitingCode(db, key),
        contacts({ db }).trustedOwner(kind, key),
      ]);
      const column = await columnOf(origin, accountId, waiting);
      const own = column === 'tries_others' ? '' : ` ${networkOf(origin.address)}`;
      const counter = `${guessName(key, accountId)}${own}`;
      // each code's own attempts are taken before it is checked, so this one cannot be overrun by more than those
      const { taken, retryAfter } = await counters.look(counter, settings.wrongPerHour);
      if (!taken)
        throw new AppError('TOO_MANY_ATTEMPTS', {
          retryAfter,
          lock: { limit: 'codes', seconds: retryAfter },
        });
      // a guess at a contact that no code waits for is none: counted, it would let anyone block the contact
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
