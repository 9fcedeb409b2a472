import type { Db } from '../../db/database.ts';
import { type Lookup, readLookups } from './lookup-store.ts';

export type { Lookup } from './lookup-store.ts';

export interface Lookups {
  /** Returns the lookups of an account in the last twelve months, newest first, at most 100. */
  of(accountId: number): Promise<Lookup[]>;
}

export const lookups = ({ db }: { db: Db }): Lookups => ({ of: (accountId) => readLookups(db, accountId) });
