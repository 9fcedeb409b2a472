import type { Db } from '../../db/database.ts';
import { DamagedValue, type Keyring } from '../../lib/keyring.ts';
import { hasUnbound, SEALED_COLUMNS, sampleSealed } from './sealed-store.ts';

export interface UnreadableColumn {
  column: string;
  /** The value was altered or moved; otherwise its key is missing. */
  isDamaged: boolean;
}

/**
 * Tries to decrypt the first and the last value of every encrypted column. Returns the columns (`table.column`) with a
 * value that cannot be decrypted, and whether its key is available.
 */
export async function unreadableColumns({
  db,
  keyring,
}: {
  db: Db;
  keyring: Keyring;
}): Promise<UnreadableColumn[]> {
  const unreadable: UnreadableColumn[] = [];
  for (const column of SEALED_COLUMNS) {
    const context = `${column.table}.${column.column}`;
    for (const { sealed, row } of await sampleSealed(db, column)) {
      try {
        keyring.open(context, sealed, row);
      } catch (error) {
        unreadable.push({ column: context, isDamaged: error instanceof DamagedValue });
        break;
      }
    }
  }
  return unreadable;
}

/** Returns the columns with a value that is not bound to its row: one sealed before values were bound. */
export async function unboundColumns(db: Db): Promise<string[]> {
  const unbound: string[] = [];
  for (const column of SEALED_COLUMNS) {
    if (await hasUnbound(db, column)) unbound.push(`${column.table}.${column.column}`);
  }
  return unbound;
}
