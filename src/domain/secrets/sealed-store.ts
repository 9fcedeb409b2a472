import type { Db } from '../../db/database.ts';

/** A column of encrypted values, with the digest column that finds one. */
export interface SealedColumn {
  table: string;
  key: string;
  /** The type of the key in PostgreSQL. */
  keyType: 'bigint' | 'text' | 'uuid' | 'bytea';
  column: string;
  /** The columns that identify the row that a value is bound to, or expressions of them. Defaults to its key. */
  boundTo?: readonly string[];
  digest?: { column: string; context: string };
}

/**
 * All columns that are encrypted under `SECRET_KEY` for longer than a minute. The context of a value is `table.column`.
 */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: 'client_secrets',
    key: 'id',
    keyType: 'bigint',
    column: 'sealed',
    // the key is generated on insertion; a secret moved among those of one client and kind still belongs to that client
    boundTo: ['client_id', 'kind'],
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
  {
    table: 'upstream_transactions',
    key: 'id',
    keyType: 'bytea',
    column: 'sealed',
    boundTo: ["encode(id, 'hex')"],
  },
  { table: 'upstream_providers', key: 'id', keyType: 'text', column: 'sealed' },
  { table: 'upstream_tokens', key: 'id', keyType: 'uuid', column: 'sealed' },
  { table: 'webhook_secrets', key: 'id', keyType: 'uuid', column: 'sealed' },
  { table: 'authenticators', key: 'id', keyType: 'uuid', column: 'sealed' },
  {
    table: 'idempotency_responses',
    key: 'key',
    keyType: 'bytea',
    column: 'sealed',
    boundTo: ["encode(key, 'hex')"],
  },
];

export type Key = string | number | Buffer;

/** Returns a key in PostgreSQL's text format. */
const inText = (key: Key): string => (Buffer.isBuffer(key) ? `\\x${key.toString('hex')}` : String(key));

export interface SealedRow {
  key: Key;
  /** The row that the value is bound to. */
  row: string;
  sealed: Buffer;
  digest: Buffer | null;
}

/** Selects the values of a column, without empty ones. */
const valuesOf = (db: Db, { table, key, column, boundTo = [key], digest }: SealedColumn) =>
  db(table)
    .select({
      key,
      row: db.raw(`concat_ws(' ', ${boundTo.join(', ')})`),
      sealed: column,
      digest: digest ? digest.column : db.raw('null'),
    })
    .whereNotNull(column)
    .whereRaw(`length(${column}) > 0`);

/** Returns the next rows after `after`, in the order of their keys. */
export async function readSealed(
  db: Db,
  column: SealedColumn,
  { after, limit }: { after: Key | undefined; limit: number },
): Promise<SealedRow[]> {
  return valuesOf(db, column)
    .modify((rows) => after !== undefined && rows.where(column.key, '>', after))
    .orderBy(column.key)
    .limit(limit);
}

/** Returns the first and the last value of a column, in the order of the keys. */
export async function sampleSealed(db: Db, column: SealedColumn): Promise<SealedRow[]> {
  const end = (direction: 'asc' | 'desc'): Promise<SealedRow[]> =>
    valuesOf(db, column).orderBy(column.key, direction).limit(1);
  return [...(await end('asc')), ...(await end('desc'))];
}

/** Returns whether a column has a value of the first version, which is not bound to its row. */
export async function hasUnbound(db: Db, column: SealedColumn): Promise<boolean> {
  const found = await valuesOf(db, column).whereRaw(`get_byte(${column.column}, 0) = 1`).limit(1);
  return found.length > 0;
}

export interface Resealed {
  key: Key;
  before: Buffer;
  after: Buffer;
  digest: Buffer | null;
}

/**
 * Replaces values in one statement, where they are unchanged since they were read. A digest that another row already
 * has is emptied instead. Returns the number of rows changed and of digests emptied.
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
      rows.map((row) => inText(row.key)),
      rows.map((row) => row.before),
      rows.map((row) => row.after),
      // the types of Knex do not allow null in a list
      rows.map((row) => row.digest ?? Buffer.alloc(0)),
    ],
  );
  const changed = result.rows as { emptied: boolean }[];
  return { changed: changed.length, emptied: changed.filter((row) => row.emptied).length };
}
