import { resolve } from 'node:path';
import knexModule, { type Knex } from 'knex';
import pg from 'pg';
import type { Config } from '../config/config.ts';
import type { Tracing } from '../lib/tracing.ts';
import { type CircuitBreaker, circuitBreaker } from './circuit-breaker.ts';
import { Client, type ConnectionConfig } from './client.ts';
import { connectionOf, limitsOf, readConnectionOf } from './connection.ts';
import { dialect } from './dialect.ts';
import { openEmbedded } from './embedded.ts';
import { isReadOnly } from './failures.ts';
import { type LaggingRead, type Replica, replica } from './replica.ts';
import { beginWith, LASTING_PLANS, optionsOf } from './session-settings.ts';
import { tracedDialect } from './traced-dialect.ts';

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
  /** True behind a pooler of transactions: sessions are shared, so nothing may be left in them. */
  pooled: boolean;
  /** The statement that begins a transaction, with its limits where sessions have none. */
  begin: string;
  /** How a further connection is made (migrations use one of their own). */
  connection: ConnectionConfig;
  /** Reads whose result may be old, at the replica where there is one. */
  lagging: LaggingRead;
  /** Of `DATABASE_READ_URL`. */
  replica: Replica | undefined;
  /** Set where statements are traced. */
  tracing?: Tracing | undefined;
  close(): Promise<void>;
}

// bigint ids are strings in pg; ours stay below 2^53 and are numbers everywhere in the program
const INT8 = 20;
pg.types.setTypeParser(INT8, Number);
// a `date` is a day, not an instant: keep YYYY-MM-DD
const DATE = 1082;
pg.types.setTypeParser(DATE, (day) => day);

/** Opens both pools on `DATABASE_URL`, or on the embedded PostgreSQL of the data folder without one. */
export async function openDatabase(
  config: Config['database'],
  given: CircuitBreaker = circuitBreaker(),
  tracing?: Tracing,
): Promise<Database> {
  const embedded = config.url ? undefined : await openEmbedded(resolve(config.dataDir));
  const connection = connectionOf(config, embedded);
  const silent: CircuitBreaker = {
    refuse: given.refuse,
    note(error) {
      given.note(error);
      if (isReadOnly(error)) connection.locator?.leave();
    },
  };
  const pooled = !embedded && config.pooler === 'transaction';
  const begin = pooled ? beginWith(limitsOf(config)) : 'begin';
  const knex = knexModule({
    client: tracing ? tracedDialect(tracing) : dialect,
    connection: connection as Knex.StaticConnectionConfig,
    pool: { min: 0, max: config.poolSize },
    acquireConnectionTimeout: config.acquireTimeoutMs,
    // every failure is thrown to its caller as well; Knex's own words go past the log, with a stack
    log: { warn: () => {} },
    circuitBreaker: silent,
    ...(pooled ? { begin } : {}),
  } as Knex.Config);
  // a statement without a name is planned whenever it runs, by the sizes of that moment
  const plans = embedded || pooled ? {} : { options: `${connection.options} ${optionsOf(LASTING_PLANS)}` };
  const records = new pg.Pool({ ...connection, ...plans, max: config.recordPoolSize, Client });
  // an idle connection that breaks is replaced at its next use; without a listener it would end the process
  records.on('error', () => {});
  // so would one that breaks between two statements of a transaction, which the pool does not listen to meanwhile: the
  // next statement fails
  records.on('connect', (client) => client.on('error', () => {}));

  const { readUrl } = config;
  const reader =
    readUrl === undefined
      ? undefined
      : replica({
          primary: knex,
          connection: readConnectionOf(config, readUrl),
          maxLagMs: config.readMaxLagMs,
          patienceMs: config.statementTimeoutMs / 2,
        });

  return {
    knex,
    records,
    circuitBreaker: silent,
    embedded: embedded !== undefined,
    pooled,
    begin,
    connection,
    lagging: reader?.read ?? ((work) => work(knex)),
    replica: reader,
    tracing,
    async close() {
      await reader?.close();
      await Promise.all([knex.destroy(), records.end()]);
      await embedded?.close();
    },
  };
}
