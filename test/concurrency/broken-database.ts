import pg from 'pg';
import type { Database } from '../../src/db/database.ts';

type Callback = (error: Error) => void;

/** The driver's error for a server that is not reachable. */
export const connectionRefused = (): Error =>
  Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });

/** The driver's error for a connection that breaks during a statement. */
export const connectionLost = (): Error => new Error('Connection terminated unexpectedly');

/** Runs `work` while every statement of every connection of this process fails as if the server were gone. */
export async function withoutDatabase<T>(work: () => Promise<T>): Promise<T> {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function refuse(...args: unknown[]) {
    const callback = args.find((arg): arg is Callback => typeof arg === 'function');
    if (!callback) return Promise.reject(connectionRefused());
    process.nextTick(callback, connectionRefused());
    return undefined;
  } as typeof query;
  try {
    return await work();
  } finally {
    pg.Client.prototype.query = query;
  }
}

/**
 * Makes inserts of records of `kind` fail with an SQLSTATE, up to the given number. Returns a function that ends
 * this.
 */
export async function failingInserts(
  { knex }: Database,
  kind: string,
  state: string,
  times = 1_000_000,
): Promise<() => Promise<void>> {
  // a sequence keeps its value when the transaction is rolled back
  await knex.raw('create sequence test_failures');
  await knex.raw(`create function test_fail() returns trigger language plpgsql as $$
    begin
      if new.kind = '${kind}' and nextval('test_failures') <= ${times} then
        raise exception 'made for a test' using errcode = '${state}';
      end if;
      return new;
    end $$`);
  await knex.raw(
    'create trigger test_fail before insert on records for each row execute function test_fail()',
  );
  return async () => {
    await knex.raw('drop trigger test_fail on records');
    await knex.raw('drop function test_fail');
    await knex.raw('drop sequence test_failures');
  };
}

type Query = (statement: pg.QueryConfig) => Promise<unknown>;

/** Passes the following commits of records to `around`, which may run, fail or delay them. */
export function aroundCommits(
  { records }: Database,
  around: (run: () => Promise<unknown>, time: number) => Promise<unknown>,
): () => void {
  const query = records.query.bind(records) as unknown as Query;
  let times = 0;
  const changed: Query = (statement) => {
    if (statement.text.includes('claimed')) {
      times += 1;
      return around(() => query(statement), times);
    }
    return query(statement);
  };
  Object.assign(records, { query: changed });
  return () => Object.assign(records, { query });
}

/**
 * Makes the database unreachable for one server right after its next commit of records. New connections of this
 * process fail as well. Returns a function that ends this.
 */
export function awayAfterCommit({ records }: Database): () => void {
  const query = records.query.bind(records) as unknown as Query;
  const { connect } = pg.Client.prototype;
  let away = false;
  const changed: Query = async (statement) => {
    if (away) throw connectionRefused();
    const result = await query(statement);
    if (!statement.text.includes('claimed')) return result;
    away = true;
    pg.Client.prototype.connect = (() => Promise.reject(connectionRefused())) as typeof connect;
    throw connectionLost();
  };
  Object.assign(records, { query: changed });
  return () => {
    Object.assign(records, { query });
    pg.Client.prototype.connect = connect;
  };
}

/** Makes the next transaction of a unit that has its own statements lose its connection after the commit. */
export function losingCommit({ records }: Database): () => void {
  const connect = records.connect.bind(records) as (...args: unknown[]) => Promise<pg.PoolClient>;
  let lost = false;
  const changed = async (...callback: unknown[]): Promise<pg.PoolClient | undefined> => {
    // the pool's own queries
    if (callback.length > 0) return void connect(...callback);
    const client = await connect();
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    const losing = async (...args: unknown[]): Promise<unknown> => {
      const result = await query(...args);
      if (args[0] !== 'commit' || lost) return result;
      lost = true;
      throw connectionLost();
    };
    return Object.assign(client, { query: losing });
  };
  Object.assign(records, { connect: changed });
  return () => Object.assign(records, { connect });
}
