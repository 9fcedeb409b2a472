import type { Knex } from 'knex';
import PostgresDialect from 'knex/lib/dialects/postgres/index.js';
import { translateFailure } from './failures.ts';

/** Knex's PostgreSQL dialect; every failure is translated on its way out, so no store has to. */
export class Dialect extends PostgresDialect {
  override async _query(connection: unknown, query: unknown): Promise<unknown> {
    try {
      return await super._query(connection, query);
    } catch (error) {
      throw translateFailure(error);
    }
  }

  override async acquireConnection(): Promise<unknown> {
    try {
      return await super.acquireConnection();
    } catch (error) {
      throw translateFailure(error);
    }
  }
}

export const dialect = Dialect as unknown as typeof Knex.Client;
