import knexModule, { type Knex } from 'knex';
import { AppError } from '../errors/app-error.ts';
import { outsideOfRequests } from '../lib/request-context.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import type { ConnectionConfig } from './client.ts';
import { dialect } from './dialect.ts';

/** Runs reads whose result may be stale: lists that people read, never data on which a decision depends. */
export type LaggingRead = <T>(work: (db: Knex) => Promise<T>) => Promise<T>;

export interface ReplicaState {
  /** Undefined while the lag is not available, or the replica does not respond. */
  lagMs: number | undefined;
  used: boolean;
}

/** A server with the data that the primary had a moment ago. */
export interface Replica {
  read: LaggingRead;
  state(): ReplicaState;
  /** Measures the lag now, in addition to every two seconds. */
  measure(): Promise<ReplicaState>;
  /** Calls `listener` whenever the replica begins or ceases to be used. */
  onChange(listener: (state: ReplicaState) => void): void;
  close(): Promise<void>;
}

const EVERY_MS = 2000;
const CONNECTIONS = 2;

/** Bytes of write-ahead log since the beginning of the cluster. */
const WRITTEN = `select (pg_current_wal_lsn() - '0/0'::pg_lsn)::text as position`;
/** The position is null on a server that is itself the primary. */
const REPLAYED = `select (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::text as position, pg_is_in_recovery() as standby`;

interface Sample {
  at: number;
  position: bigint;
}

async function first<Row>(knex: Knex, sql: string): Promise<Row> {
  return (await knex.raw(sql)).rows[0] as Row;
}

/** Returns the result of `work`. Rejects with `UNAVAILABLE` if it takes longer. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('UNAVAILABLE', { retryAfter: 1 })), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

interface Deps {
  primary: Knex;
  connection: ConnectionConfig;
  maxLagMs: number;
  /** A read that takes longer is repeated on the primary. */
  patienceMs: number;
}

/**
 * Creates a replica that is used while it responds and lags by no more than `maxLagMs`; otherwise the primary is used.
 * The lag is the age of the latest position in the primary's log that the replica has reached, so the clocks of the
 * servers do not matter.
 */
export function replica({ primary, connection, maxLagMs, patienceMs }: Deps): Replica {
  const knex = knexModule({
    client: dialect,
    connection: connection as Knex.StaticConnectionConfig,
    pool: { min: 0, max: CONNECTIONS },
    acquireConnectionTimeout: connection.connectionTimeoutMillis ?? patienceMs,
    log: { warn: () => {} },
    // an outage of the replica is not an outage of the primary
    circuitBreaker: circuitBreaker(),
  } as Knex.Config);
  const listeners: ((state: ReplicaState) => void)[] = [];
  let samples: Sample[] = [];
  let state: ReplicaState = { lagMs: undefined, used: false };
  let measuring: Promise<ReplicaState> | undefined;

  function become(lagMs: number | undefined): ReplicaState {
    const before = state.used;
    state = { lagMs, used: lagMs !== undefined && lagMs <= maxLagMs };
    if (state.used !== before) for (const listener of listeners) listener(state);
    return state;
  }

  async function lag(): Promise<number | undefined> {
    const at = performance.now();
    const written = await first<{ position: string }>(primary, WRITTEN).catch(() => undefined);
    if (written) samples.push({ at, position: BigInt(written.position) });
    samples = samples.filter((sample) => sample.at >= at - 2 * maxLagMs);
    const { position, standby } = await first<{ position: string | null; standby: boolean }>(knex, REPLAYED);
    if (!standby) return 0;
    if (position === null) return undefined;
    const reached = samples.findLast((sample) => sample.position <= BigInt(position));
    return reached && Math.round(at - reached.at);
  }

  const measure = (): Promise<ReplicaState> => {
    measuring ??= outsideOfRequests(lag)
      .then(become, () => become(undefined))
      .finally(() => {
        measuring = undefined;
      });
    return measuring;
  };
  const timer = setInterval(() => void measure(), EVERY_MS);
  timer.unref();
  void measure();

  return {
    async read(work) {
      if (!state.used) return work(primary);
      try {
        return await within(
          patienceMs,
          outsideOfRequests(() => work(knex)),
        );
      } catch (error) {
        // an error of the caller would also occur on the primary
        if (error instanceof AppError && error.code !== 'UNAVAILABLE') throw error;
        become(undefined);
        return work(primary);
      }
    },
    state: () => state,
    measure,
    onChange: (listener) => void listeners.push(listener),
    async close() {
      clearInterval(timer);
      await measuring;
      await knex.destroy();
    },
  };
}
