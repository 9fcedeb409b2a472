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

/** An attempt that is consumed before the code is checked. */
export interface CodeTry {
  row: CodeRow;
  /** The number of attempts that the caller has left for this code. */
  left: number;
  /** Counts the wrong guess against the account of the contact as well, or against the contact if it has none. */
  wasWrong(): Promise<void>;
  wasRight(): Promise<void>;
}

export interface CodeTries {
  /**
   * Consumes an attempt at the pending code of a contact. Returns undefined when no code is pending, or when it has no
   * attempt left for this caller. The network that requested the code has attempts of its own, and so have the places
   * that signed in to the account of the contact: strangers cannot use these up. Throws `TOO_MANY_ATTEMPTS` after too
   * many wrong guesses of the caller at this contact, or at any contact of the account that has verified it.
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

/** Returns the counter of wrong codes: a second contact of an account does not give a second chance to guess. */
const guessName = (key: string, accountId: number | undefined): string =>
  `code wrong ${accountId === undefined ? key : `account ${accountId}`}`;

/** Returns the counter that can block strangers from trying codes of all contacts of an account. */
export const codeGuessLockName = (accountId: number): string => guessName('', accountId);

/**
 * Returns the counters that can block codes to a mobile, or to the key of an e-mail, from being tried by strangers or
 * sent.
 */
export const codeLockNames = (contact: string): string[] => [
  guessName(contact, undefined),
  `code pause ${contact}`,
  `code hour ${contact}`,
  `code day ${contact}`,
];

export function codeTries({ db, keyring, counters, knownOrigins, settings }: CodeTriesDeps): CodeTries {
  /**
   * Returns the column that counts the caller's attempts. Executes the same statements whether or not an account has
   * the contact, so that the time does not reveal it.
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
      // the attempts of each code are consumed before it is checked, so this limit cannot be exceeded by more than
      // those
      const { taken, retryAfter } = await counters.look(counter, settings.wrongPerHour);
      if (!taken)
        throw new AppError('TOO_MANY_ATTEMPTS', {
          retryAfter,
          lock: { limit: 'codes', seconds: retryAfter },
        });
      // a guess at a contact without a pending code does not count: otherwise anyone could block the contact
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
