import type { Knex } from 'knex';
import type { Tracing } from '../lib/tracing.ts';
import { Dialect } from './dialect.ts';
import { STATEMENT, statementName } from './statement-name.ts';

/** The dialect with a span for each statement. */
export const tracedDialect = (tracing: Tracing): typeof Knex.Client =>
  class extends Dialect {
    override async _query(connection: unknown, query: unknown): Promise<unknown> {
      const { sql = '' } = query as { sql?: string };
      return tracing.child(statementName(sql), STATEMENT, () => super._query(connection, query));
    }
  } as unknown as typeof Knex.Client;
