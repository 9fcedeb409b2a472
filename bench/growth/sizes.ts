import pg from 'pg';

export interface TableSize {
  table: string;
  rows: number;
  /** Bytes per row, in the table and in its indexes. */
  heap: number;
  indexes: number;
}

const SIZES = `
  select c.relname as table, c.reltuples::int as rows,
    ((pg_table_size(c.oid)) / c.reltuples)::int as heap, (pg_indexes_size(c.oid) / c.reltuples)::int as indexes
  from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.reltuples >= $1
  order by pg_total_relation_size(c.oid) desc`;

/** Returns the bytes per row of each table with at least `leastRows` rows. The database must have been analysed. */
export async function sizesOf(
  databaseUrl: string,
  leastRows: number,
): Promise<{ database: number; tables: TableSize[] }> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows: tables } = await client.query<TableSize>(SIZES, [leastRows]);
    const { rows } = await client.query<{ bytes: string }>(
      'select pg_database_size(current_database()) as bytes',
    );
    return { database: Number(rows[0]?.bytes), tables };
  } finally {
    await client.end();
  }
}
