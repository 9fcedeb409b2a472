import type pg from 'pg';
import type { Database } from './database.ts';
import { translateFailure } from './failures.ts';
import { withinLimit } from './wait-limit.ts';

/** A statement with its parameters. */
export interface Statement {
  text: string;
  values: readonly unknown[];
}

/** Runs one named statement on the pool of records. Rejects with `UNAVAILABLE` when the database is down. */
export type RunQuery = <Row extends pg.QueryResultRow>(
  name: string,
  text: string,
  values: readonly unknown[],
) => Promise<pg.QueryResult<Row>>;

/**
 * Prepared statements are named on a server, where each connection has its own. Connections of the embedded PostgreSQL
 * and of a pooler share sessions, so there they stay unnamed.
 */
export const statement = (
  { embedded, pooled }: Pick<Database, 'embedded' | 'pooled'>,
  name: string,
  { text, values }: Statement,
): pg.QueryConfig => ({
  ...(embedded || pooled ? {} : { name }),
  text,
  values: values as unknown[],
});

export const runQuery =
  (database: Database): RunQuery =>
  async (name, text, values) => {
    database.circuitBreaker.refuse();
    try {
      return await withinLimit(() => database.records.query(statement(database, name, { text, values })));
    } catch (error) {
      database.circuitBreaker.note(error);
      throw translateFailure(error);
    }
  };
