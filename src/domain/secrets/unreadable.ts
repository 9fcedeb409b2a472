import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { hasUnbound, SEALED_COLUMNS, sampleSealed } from './sealed-store.ts';

/**
 * Tries the first and the last value of every encrypted column. Returns the columns (`table.column`) with one that no key
 * of the ring opens.
 */
export async function unreadableColumns({ db, keyring }: { db: Db; keyring: Keyring }): Promise<string[]> {
  const unreadable: string[] = [];
  for (const column of SEALED_COLUMNS) {
    const context = `${column.table}.${column.column}`;
    for (const { sealed, row } of await sampleSealed(db, column)) {
      try {
        keyring.open(context, sealed, row);
      } catch {
        unreadable.push(context);
        break;
      }
    }
  }
  return unreadable;
}

/** The columns with a value that is not bound to its row: sealed before values were. */
export async function unboundColumns(db: Db): Promise<string[]> {
  const unbound: string[] = [];
  for (const column of SEALED_COLUMNS) {
    if (await hasUnbound(db, column)) unbound.push(`${column.table}.${column.column}`);
  }
  return unbound;
}
