import type { Db } from '../../db/database.ts';
import { type Lookup, readLookups } from './lookup-store.ts';

export type { Lookup } from './lookup-store.ts';

export interface Lookups {
  /** Who looked an account up in the last twelve months, newest first, 100 at most. */
  of(accountId: number): Promise<Lookup[]>;
}

export const lookups = ({ db }: { db: Db }): Lookups => ({ of: (accountId) => readLookups(db, accountId) });
