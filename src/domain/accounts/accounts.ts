import type { Db } from '../../db/database.ts';
import type { RunQuery } from '../../db/run-query.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { audit } from '../audit/audit.ts';
import type { Account, ProfileChange } from './account.ts';
import {
  accountReader,
  lockAccount,
  profileColumns,
  readAccount,
  readByExternalId,
  readCardHolder,
  updateAccount,
} from './account-store.ts';

/** What a statement is made of that reads an account by something else, with more. */
/** How flows of the whole life of an account write its row. */
export {
  cardHolderQuery,
  insertAccount,
  PROFILE_COLUMNS,
  profileColumns,
  raiseGeneration,
  WHOLE_ACCOUNT,
  type WholeAccountRow,
  wholeAccount,
} from './account-store.ts';

export interface Accounts {
  find(id: number): Promise<Account | undefined>;
  /** The id of the account that has this card. */
  cardHolder(cardId: number): Promise<number | undefined>;
  /** The id of the account that was imported with this identifier. */
  withExternalId(externalId: string): Promise<number | undefined>;
  /** Throws `ACCOUNT_NOT_FOUND`. */
  changeProfile(id: number, change: ProfileChange): Promise<void>;
}

export interface AccountsDeps {
  db: Db;
  /** Reads accounts where no transaction is open; through `db` unless given. */
  query?: RunQuery;
}

/**
 * The account, locked until the transaction ends: what changes it goes one by one, and nothing is added to one that is
 * being removed. Throws when there is no such account, or only its tombstone.
 */
export async function existing(db: Db, id: number, generation?: number): Promise<Account> {
  await lockAccount(db, id);
  const account = await readAccount(db, id);
  if (!account) throw new AppError('ACCOUNT_NOT_FOUND');
  if (account.status === 'deleted') throw new AppError('ACCOUNT_DELETED');
  // the caller's proof may be worth nothing by now; trying again shows
  if (generation !== undefined && account.generation !== generation)
    throw new AppError('UNAVAILABLE', { retryAfter: 1 });
  return account;
}

export function accounts({ db, query }: AccountsDeps): Accounts {
  return {
    find: query ? accountReader(query) : (id) => readAccount(db, id),
    cardHolder: (cardId) => readCardHolder(db, cardId),
    withExternalId: (externalId) => readByExternalId(db, externalId),
    async changeProfile(id, change) {
      if (Object.keys(change).length === 0) return;
      await transaction(db, async (tx) => {
        const columns = profileColumns(change);
        if (!(await updateAccount(tx, id, columns))) throw new AppError('ACCOUNT_NOT_FOUND');
        await audit({ db: tx }).record({
          event: 'account.profile_changed',
          accountId: id,
          details: { fields: Object.keys(columns).join(' ') },
        });
      });
    },
  };
}
