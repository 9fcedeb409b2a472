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

/**
 * For flows that write the row of an account, and for statements that read an account by other keys and with other
 * data.
 */
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
  /** The ID of the account that holds this card. */
  cardHolder(cardId: number): Promise<number | undefined>;
  /** The ID of the account that was imported with this identifier. */
  withExternalId(externalId: string): Promise<number | undefined>;
  /** Throws `ACCOUNT_NOT_FOUND`. */
  changeProfile(id: number, change: ProfileChange): Promise<void>;
}

export interface AccountsDeps {
  db: Db;
  /** Reads accounts outside of transactions. Defaults to reading through `db`. */
  query?: RunQuery;
}

/**
 * Returns the account, locked until the transaction ends: its changes are serialized, and nothing is added to an
 * account that is being removed. Throws `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED` if only its tombstone is left, and
 * `UNAVAILABLE` if it no longer has the given generation.
 */
export async function existing(db: Db, id: number, generation?: number): Promise<Account> {
  await lockAccount(db, id);
  const account = await readAccount(db, id);
  if (!account) throw new AppError('ACCOUNT_NOT_FOUND');
  if (account.status === 'deleted') throw new AppError('ACCOUNT_DELETED');
  // the caller's proof may have been invalidated in the meantime; a retry will show
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
