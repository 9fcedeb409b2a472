import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { audit } from '../audit/audit.ts';
import {
  type Key,
  type Resealed,
  readSealed,
  replaceSealed,
  SEALED_COLUMNS,
  type SealedColumn,
  type SealedRow,
} from './sealed-store.ts';

export interface ReEncrypted {
  /** Values that are now encrypted under the newest key, by table. */
  resealed: Record<string, number>;
  /** Values that no key of the keyring decrypts; they stay unchanged. */
  unreadable: number;
  /**
   * Values whose digest under the newest key another row has already: they are kept, but can no longer be found by
   * value.
   */
  conflicts: number;
}

const BATCH = 200;

/**
 * Encrypts every stored value again that is not under the newest key, or not bound to its row, and renews its digest.
 * Works in batches, each one statement. A value that a running server changes concurrently is left to that server, so
 * this can run alongside it, and repeatedly.
 */
export async function reEncrypt({ db, keyring }: { db: Db; keyring: Keyring }): Promise<ReEncrypted> {
  let unreadable = 0;
  let conflicts = 0;

  function reseal({ table, column, digest }: SealedColumn, row: SealedRow): Resealed[] {
    if (keyring.isCurrent(row.sealed)) return [];
    const context = `${table}.${column}`;
    try {
      const plain = keyring.open(context, row.sealed, row.row);
      const renewed = digest && row.digest ? keyring.digest(digest.context, plain.toString('utf8')) : null;
      return [
        { key: row.key, before: row.sealed, after: keyring.seal(context, plain, row.row), digest: renewed },
      ];
    } catch {
      unreadable += 1;
      return [];
    }
  }

  async function resealAll(column: SealedColumn): Promise<number> {
    let resealed = 0;
    let after: Key | undefined;
    for (;;) {
      const rows = await readSealed(db, column, { after, limit: BATCH });
      const old = rows.flatMap((row) => reseal(column, row));
      if (old.length > 0) {
        const { changed, emptied } = await replaceSealed(db, column, old);
        resealed += changed;
        conflicts += emptied;
      }
      after = rows.at(-1)?.key;
      if (rows.length < BATCH) return resealed;
    }
  }

  const resealed: Record<string, number> = {};
  for (const column of SEALED_COLUMNS) resealed[column.table] = await resealAll(column);
  await audit({ db }).record({
    event: 'secrets.reencrypted',
    details: { ...resealed, unreadable, conflicts },
  });
  return { resealed, unreadable, conflicts };
}
