import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { SEALED_COLUMNS, sampleSealed } from './sealed-store.ts';

/**
 * Tries the first and the last value of every encrypted column. Returns the columns (`table.column`) with one that no key
 * of the ring opens.
 */
export async function unreadableColumns({ db, keyring }: { db: Db; keyring: Keyring }): Promise<string[]> {
  const unreadable: string[] = [];
  for (const column of SEALED_COLUMNS) {
    const context = `${column.table}.${column.column}`;
    for (const { sealed } of await sampleSealed(db, column)) {
      try {
        keyring.open(context, sealed);
      } catch {
        unreadable.push(context);
        break;
      }
    }
  }
  return unreadable;
}
