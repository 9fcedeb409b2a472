import { resolve } from 'node:path';
import knexModule, { type Knex } from 'knex';
import pg from 'pg';
import type { Config } from '../config/config.ts';
import { type CircuitBreaker, circuitBreaker } from './circuit-breaker.ts';
import { dialect } from './dialect.ts';
import { type Embedded, openEmbedded } from './embedded.ts';
import { LASTING_PLANS, optionsOf, PINNED } from './session-settings.ts';

/** A Knex instance or a transaction of one: what every store takes. */
export type Db = Knex;

export interface Database {
  knex: Knex;
  /** The pool of the protocol's records, which serve many requests with one statement. */
  records: pg.Pool;
  /** Asked before a statement on that pool, and told of failures; Knex does both on its own. */
  circuitBreaker: CircuitBreaker;
  /** True with the embedded PostgreSQL: one session underneath, so statements cannot be named. */
  embedded: boolean;
  /** How a further connection is made (migrations use one of their own). */
  connection: pg.ClientConfig;
  close(): Promise<void>;
}

// bigint ids are strings in pg; ours stay below 2^53 and are numbers everywhere in the program
const INT8 = 20;
pg.types.setTypeParser(INT8, Number);
// a `date` is a day, not an instant: keep YYYY-MM-DD
const DATE = 1082;
pg.types.setTypeParser(DATE, (day) => day);

/** `DATABASE_URL` without its `options`, which the driver would put in the place of ours, and those options. */
function addressOf(url: string): { connectionString: string; theirs: string[] } {
  const address = new URL(url);
  const theirs = address.searchParams.getAll('options');
  if (theirs.length === 0) return { connectionString: url, theirs };
  address.searchParams.delete('options');
  return { connectionString: address.href, theirs };
}

/** How each connection is made: to `embedded`, or by `config.url`. */
export function connectionOf(config: Config['database'], embedded?: Embedded): pg.ClientConfig {
  const common: pg.ClientConfig = {
    connectionTimeoutMillis: config.acquireTimeoutMs,
    keepAlive: true,
    application_name: 'pratu',
  };
  if (embedded) return { ...common, host: embedded.directory, user: 'postgres', database: 'postgres' };
  const { connectionString, theirs } = config.url ? addressOf(config.url) : { theirs: [] };
  const timeouts = {
    statement_timeout: config.statementTimeoutMs,
    lock_timeout: config.lockTimeoutMs,
    idle_in_transaction_session_timeout: config.statementTimeoutMs + 2000,
  };
  return {
    ...common,
    ...(connectionString ? { connectionString } : {}),
    options: [...theirs, optionsOf(PINNED, timeouts)].join(' '),
    // a frozen server answers nothing at all: give up a little after it should have
    query_timeout: config.statementTimeoutMs + 500,
  };
}

/** Opens both pools on `DATABASE_URL`, or on the embedded PostgreSQL of the data folder without one. */
export async function openDatabase(
  config: Config['database'],
  silent: CircuitBreaker = circuitBreaker(),
): Promise<Database> {
  const embedded = config.url ? undefined : await openEmbedded(resolve(config.dataDir));
  const connection = connectionOf(config, embedded);
  const knex = knexModule({
    client: dialect,
    connection: connection as Knex.StaticConnectionConfig,
    pool: { min: 0, max: config.poolSize },
    acquireConnectionTimeout: config.acquireTimeoutMs,
    // every failure is thrown to its caller as well; Knex's own words go past the log, with a stack
    log: { warn: () => {} },
    circuitBreaker: silent,
  } as Knex.Config);
  const plans = embedded ? {} : { options: `${connection.options} ${optionsOf(LASTING_PLANS)}` };
  const records = new pg.Pool({ ...connection, ...plans, max: config.recordPoolSize });
  // an idle connection that breaks is replaced at its next use; without a listener it would end the process
  records.on('error', () => {});
  // so would one that breaks between two statements of a transaction, which the pool does not listen to meanwhile: the
  // next statement fails
  records.on('connect', (client) => client.on('error', () => {}));

  return {
    knex,
    records,
    circuitBreaker: silent,
    embedded: embedded !== undefined,
    connection,
    async close() {
      await Promise.all([knex.destroy(), records.end()]);
      await embedded?.close();
    },
  };
}
