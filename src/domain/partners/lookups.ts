import type { Db } from '../../db/database.ts';
import { readLookups } from './lookup-store.ts';

/** One time that a client looked an account up. */
export interface Lookup {
  at: Date;
  clientId: string;
  /** Null when the client has no name, or is gone. */
  clientName: string | null;
  /** What the client said it was for. */
  purpose: string | null;
  found: boolean;
}

export interface Lookups {
  /** Who looked an account up in the last twelve months, newest first, 100 at most. */
  of(accountId: number): Promise<Lookup[]>;
}

export const lookups = ({ db }: { db: Db }): Lookups => ({ of: (accountId) => readLookups(db, accountId) });
