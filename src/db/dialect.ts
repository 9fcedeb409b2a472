import type { Knex } from 'knex';
import PostgresTransaction from 'knex/lib/dialects/postgres/execution/pg-transaction.js';
import PostgresDialect from 'knex/lib/dialects/postgres/index.js';
import { AppError } from '../errors/app-error.ts';
import { type CircuitBreaker, isUnanswered } from './circuit-breaker.ts';
import { Client } from './client.ts';
import { isReadOnly, translateFailure } from './failures.ts';
import { withinLimit } from './wait-limit.ts';

interface Connection {
  /** Knex's own mark: the pool throws such a connection away. */
  __knex__disposed?: unknown;
}

/** Given to Knex with its settings, which the clients of transactions share. */
const circuitBreakerOf = (client: unknown): CircuitBreaker =>
  (client as { config: { circuitBreaker: CircuitBreaker } }).config.circuitBreaker;

/** A transaction that begins with its limits, where the sessions of a pooler have none. */
class LimitedTransaction extends PostgresTransaction {
  override begin(connection: unknown): Promise<unknown> {
    const { begin } = (this.client as { config: { begin?: string } }).config;
    return begin === undefined ? super.begin(connection) : this.query(connection, begin);
  }
}

/** Knex's PostgreSQL dialect; every failure is translated on its way out, so no store has to. */
export class Dialect extends PostgresDialect {
  /** What Knex takes for the module `pg`. */
  override _driver(): unknown {
    return { Client };
  }

  override async _query(connection: unknown, query: unknown): Promise<unknown> {
    // what a transaction does after a failure (its rollback) would wait for the same answer a second time
    const broken = (connection as Connection).__knex__disposed;
    // Knex marks with an error or with words
    if (broken !== undefined) throw new AppError('UNAVAILABLE', { retryAfter: 1, cause: broken });
    try {
      return await withinLimit(() => super._query(connection, query) as Promise<unknown>, {
        onLate() {
          (connection as Connection).__knex__disposed = new Error('timeout of the request');
        },
      });
    } catch (error) {
      circuitBreakerOf(this).note(error);
      // an answer may come yet, and would be taken for that of the next statement's; a session that is read-only
      // stays so when the database takes writes again
      if (isUnanswered(error) || isReadOnly(error)) (connection as Connection).__knex__disposed = error;
      throw translateFailure(error);
    }
  }

  override transaction(...given: unknown[]): unknown {
    return new LimitedTransaction(this, ...given);
  }

  override async acquireConnection(): Promise<unknown> {
    circuitBreakerOf(this).refuse();
    try {
      let isLate = false;
      const acquired = super.acquireConnection() as Promise<unknown>;
      const onLate = (): void => {
        isLate = true;
      };
      acquired
        .then(async (connection) => {
          if (isLate) await this.releaseConnection(connection);
        })
        .catch(() => {});
      return await withinLimit(() => acquired, { answered: false, onLate });
    } catch (error) {
      circuitBreakerOf(this).note(error);
      throw translateFailure(error);
    }
  }
}

export const dialect = Dialect as unknown as typeof Knex.Client;
