import type { Db } from '../../db/database.ts';

/** A column of encrypted values, with the digest beside it that finds one. */
export interface SealedColumn {
  table: string;
  key: string;
  /** PostgreSQL's type of the key. */
  keyType: 'bigint' | 'text' | 'uuid';
  column: string;
  digest?: { column: string; context: string };
}

/** Everything that is encrypted under `SECRET_KEY`. The context of a value is `table.column`. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: 'client_secrets',
    key: 'id',
    keyType: 'bigint',
    column: 'sealed',
    digest: { column: 'digest', context: 'client_secrets.sealed' },
  },
  { table: 'signing_keys', key: 'kid', keyType: 'text', column: 'jwk_sealed' },
  {
    table: 'accounts',
    key: 'id',
    keyType: 'bigint',
    column: 'national_id_sealed',
    digest: { column: 'national_id_digest', context: 'accounts.national_id_digest' },
  },
  { table: 'deployment_values', key: 'name', keyType: 'text', column: 'sealed' },
  { table: 'outbox', key: 'id', keyType: 'uuid', column: 'sealed' },
];

export type Key = string | number;

export interface SealedRow {
  key: Key;
  sealed: Buffer;
  digest: Buffer | null;
}

/** The next rows after `after` in the order of their keys; emptied values are left out. */
export async function readSealed(
  db: Db,
  { table, key, column, digest }: SealedColumn,
  { after, limit }: { after: Key | undefined; limit: number },
): Promise<SealedRow[]> {
  return db(table)
    .select({ key, sealed: column, digest: digest ? digest.column : db.raw('null') })
    .whereNotNull(column)
    .whereRaw(`length(${column}) > 0`)
    .modify((rows) => after !== undefined && rows.where(key, '>', after))
    .orderBy(key)
    .limit(limit);
}

/** The first and the last value of a column, in the order of the keys. */
export async function sampleSealed(db: Db, { table, key, column }: SealedColumn): Promise<SealedRow[]> {
  const end = (direction: 'asc' | 'desc') =>
    db(table)
      .first({ key, sealed: column, digest: db.raw('null') })
      .whereNotNull(column)
      .whereRaw(`length(${column}) > 0`)
      .orderBy(key, direction);
  const ends = [await end('asc'), await end('desc')] as (SealedRow | undefined)[];
  return ends.filter((row) => row !== undefined);
}

export interface Resealed {
  key: Key;
  before: Buffer;
  after: Buffer;
  digest: Buffer | null;
}

/**
 * Puts new values in place of the old, in one statement, where nobody has changed them meanwhile. A digest that
 * another row has got already is emptied instead. Returns the rows changed, and how many digests were emptied.
 */
export async function replaceSealed(
  db: Db,
  { table, key, keyType, column, digest }: SealedColumn,
  rows: readonly Resealed[],
): Promise<{ changed: number; emptied: number }> {
  const taken =
    digest &&
    `exists (select 1 from ${table} o where o.${digest.column} = v.digest and o.${key} <> t.${key})`;
  const setDigest = digest
    ? `, ${digest.column} = case when ${taken} then null else nullif(v.digest, '') end`
    : '';
  const emptied = digest ? `length(v.digest) > 0 and t.${digest.column} is null` : 'false';
  const result = await db.raw(
    `update ${table} t set ${column} = v.after${setDigest}
     from unnest(?::${keyType}[], ?::bytea[], ?::bytea[], ?::bytea[]) as v(key, before, after, digest)
     where t.${key} = v.key and t.${column} = v.before
     returning ${emptied} as emptied`,
    [
      rows.map((row) => String(row.key)),
      rows.map((row) => row.before),
      rows.map((row) => row.after),
      // the types of Knex know no null in a list
      rows.map((row) => row.digest ?? Buffer.alloc(0)),
    ],
  );
  const changed = result.rows as { emptied: boolean }[];
  return { changed: changed.length, emptied: changed.filter((row) => row.emptied).length };
}
