import pg from 'pg';

type Track = 'none' | 'top';

/** Changes which statements PostgreSQL counts from now on. */
export async function track(client: pg.Client, what: Track): Promise<void> {
  await client.query(`alter system set pg_stat_statements.track = '${what}'`);
  await client.query('select pg_reload_conf()');
}

/** Stops the counting of statements, which is on after a start. Timed runs should not pay for it. */
export async function stopCounting(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await track(client, 'none');
  await client.end();
}

/** Returns the number of statements that a database runs during `work`, as counted by PostgreSQL. */
export async function statementsDuring(databaseUrl: string, work: () => Promise<void>): Promise<number> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query('create extension if not exists pg_stat_statements');
    await track(client, 'top');
    await client.query('select pg_stat_statements_reset()');
    await work();
    const { rows } = await client.query<{ calls: number }>(
      `select coalesce(sum(calls), 0)::int as calls from pg_stat_statements
       where dbid = (select oid from pg_database where datname = current_database())
         and query !~ '(pg_stat_statements|pg_reload_conf)'`,
    );
    return rows[0]?.calls ?? 0;
  } finally {
    await track(client, 'none');
    await client.end();
  }
}
