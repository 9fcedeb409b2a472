import type { Knex } from 'knex';
import PostgresTransaction from 'knex/lib/dialects/postgres/execution/pg-transaction.js';
import PostgresDialect from 'knex/lib/dialects/postgres/index.js';
import { AppError } from '../errors/app-error.ts';
import { type CircuitBreaker, isUnanswered } from './circuit-breaker.ts';
import { Client } from './client.ts';
import { isReadOnly, translateFailure } from './failures.ts';
import { withinLimit } from './wait-limit.ts';

interface Connection {
  /** A mark of Knex: the pool discards such a connection. */
  __knex__disposed?: unknown;
}

/** Returns the circuit breaker from the settings of Knex, which the clients of transactions share. */
const circuitBreakerOf = (client: unknown): CircuitBreaker =>
  (client as { config: { circuitBreaker: CircuitBreaker } }).config.circuitBreaker;

/** A transaction that sets its limits when it begins, because the sessions of a pooler have none. */
class LimitedTransaction extends PostgresTransaction {
  override begin(connection: unknown): Promise<unknown> {
    const { begin } = (this.client as { config: { begin?: string } }).config;
    return begin === undefined ? super.begin(connection) : this.query(connection, begin);
  }
}

/** The PostgreSQL dialect of Knex. It translates every failure, so that no store has to. */
export class Dialect extends PostgresDialect {
  /** The replacement for the module `pg` in Knex. */
  override _driver(): unknown {
    return { Client };
  }

  override async _query(connection: unknown, query: unknown): Promise<unknown> {
    // the rollback of a transaction after a failure would wait for the same response again
    const broken = (connection as Connection).__knex__disposed;
    // Knex sets an error or a string
    if (broken !== undefined) throw new AppError('UNAVAILABLE', { retryAfter: 1, cause: broken });
    try {
      return await withinLimit(() => super._query(connection, query) as Promise<unknown>, {
        onLate() {
          (connection as Connection).__knex__disposed = new Error('timeout of the request');
        },
      });
    } catch (error) {
      circuitBreakerOf(this).note(error);
      // a late response would be taken for that of the next statement; a read-only session stays read-only when the
      // database accepts writes again
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
