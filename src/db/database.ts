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

/** A Knex instance or one of its transactions; every store accepts both. */
export type Db = Knex;

export interface Database {
  knex: Knex;
  /** The pool for the records of the protocol, where one statement serves many requests. */
  records: pg.Pool;
  /** Must be called before a statement on that pool, and notified of failures. Knex does both on its own. */
  circuitBreaker: CircuitBreaker;
  /** Whether PostgreSQL is embedded. All connections then share one session, so statements cannot be named. */
  embedded: boolean;
  /** Whether there is a transaction pooler. Sessions are then shared, so no state may be left in them. */
  pooled: boolean;
  /** The statement that begins a transaction. It sets the limits if sessions have none. */
  begin: string;
  /** The configuration of further connections (migrations use one of their own). */
  connection: ConnectionConfig;
  /** Runs reads whose result may be stale, on the replica if there is one. */
  lagging: LaggingRead;
  /** The replica at `DATABASE_READ_URL`. */
  replica: Replica | undefined;
  /** Set if statements are traced. */
  tracing?: Tracing | undefined;
  close(): Promise<void>;
}

// pg returns a bigint as a string; ids here stay below 2^53 and are numbers everywhere in the program
const INT8 = 20;
pg.types.setTypeParser(INT8, Number);
// a `date` is a day, not an instant: keep YYYY-MM-DD
const DATE = 1082;
pg.types.setTypeParser(DATE, (day) => day);

/** Opens both pools on `DATABASE_URL` or, if that is not set, on the embedded PostgreSQL of the data folder. */
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
    // every failure is also thrown to its caller; Knex would print its own message, with a stack, outside of the log
    log: { warn: () => {} },
    circuitBreaker: silent,
    ...(pooled ? { begin } : {}),
  } as Knex.Config);
  // a statement without a name is planned on every run, for the table sizes at that time
  const plans = embedded || pooled ? {} : { options: `${connection.options} ${optionsOf(LASTING_PLANS)}` };
  const records = new pg.Pool({ ...connection, ...plans, max: config.recordPoolSize, Client });
  // an idle connection that breaks is replaced at its next use; without a listener it would end the process
  records.on('error', () => {});
  // a connection that breaks between two statements of a transaction would also end the process, because the pool does
  // not listen to it then; with this listener, the next statement fails
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
