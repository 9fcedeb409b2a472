import type pg from 'pg';
import type { Tracing } from '../lib/tracing.ts';
import type { Database } from './database.ts';
import { translateFailure } from './failures.ts';
import { STATEMENT } from './statement-name.ts';
import { withinLimit } from './wait-limit.ts';

/** A statement with its parameters. */
export interface Statement {
  text: string;
  values: readonly unknown[];
}

/** Runs one named statement on the pool of records. Rejects with `UNAVAILABLE` when the database is down. */
export interface RunQuery {
  <Row extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
  /** Set if statements are traced, by their names. */
  tracing?: Tracing;
}

/**
 * Returns the query for a statement. On a server, where each connection has its own session, it is a named prepared
 * statement. Connections of the embedded PostgreSQL and of a pooler share sessions, so it is unnamed there.
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

export function runQuery(database: Database): RunQuery {
  const run: RunQuery = async (name, text, values) => {
    database.circuitBreaker.refuse();
    try {
      return await withinLimit(() => database.records.query(statement(database, name, { text, values })));
    } catch (error) {
      database.circuitBreaker.note(error);
      throw translateFailure(error);
    }
  };
  const { tracing } = database;
  if (!tracing) return run;
  const traced: RunQuery = (name, text, values) =>
    tracing.child(name, STATEMENT, () => run(name, text, values));
  return Object.assign(traced, { tracing });
}
