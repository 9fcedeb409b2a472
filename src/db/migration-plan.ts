import knexModule, { type Knex } from 'knex';
import type { Database } from './database.ts';
import { dialect } from './dialect.ts';
import { MIGRATIONS, migrationState } from './migrate.ts';
import { readMigration } from './migration-source.ts';
import { inOneLine, type SqlStatement } from './sql-statements.ts';
import { effectOf, type Lock, madeBy } from './statement-effects.ts';

export interface PlannedStatement {
  statement: string;
  /** Undefined if no existing table is affected, or if it cannot be determined. */
  table: string | undefined;
  lock: Lock | 'unknown';
  /** The number of rows in the table, as estimated by PostgreSQL. */
  rows: number;
  /** The approximate duration. */
  seconds: number;
  /** Whether it is committed in batches, each with its own locks. */
  batches: boolean;
}

export interface PlannedMigration {
  name: string;
  /** Whether it runs in one transaction, which holds all locks until its end. */
  transaction: boolean;
  statements: PlannedStatement[];
}

/** Returns the statements of `up`, recorded by a Knex that runs nothing. */
async function statementsOf(up: (knex: Knex) => Promise<void>): Promise<SqlStatement[]> {
  const told: SqlStatement[] = [];
  class Recorder extends (dialect as unknown as new (config: object) => object) {
    async acquireConnection(): Promise<object> {
      return {};
    }
    async releaseConnection(): Promise<void> {}
    async _query(_connection: unknown, query: { sql: string; response?: unknown }): Promise<unknown> {
      told.push({ text: query.sql });
      query.response = { rows: [], rowCount: 0 };
      return query;
    }
  }
  await up(knexModule({ client: Recorder as unknown as typeof Knex.Client }));
  return told;
}

/** Returns the estimated number of rows of each table of the schema, by name. */
async function rowsOf({ knex }: Database): Promise<Map<string, number>> {
  const { rows } = await knex.raw(`
    select c.relname as name, case when c.reltuples < 0 then coalesce(s.n_live_tup, 0) else c.reltuples end::float8 as rows
    from pg_class c left join pg_stat_user_tables s on s.relid = c.oid
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace`);
  return new Map((rows as { name: string; rows: number }[]).map(({ name, rows }) => [name, rows]));
}

/** Returns what `migrate` would do now: statements with their locks, rows and time. Changes nothing. */
export async function migrationPlan(database: Database, directory = MIGRATIONS): Promise<PlannedMigration[]> {
  const { pending } = await migrationState(database, directory);
  const rows = await rowsOf(database);
  const made = new Set<string>();
  const planned: PlannedMigration[] = [];
  for (const file of pending) {
    const migration = await readMigration(directory, file);
    const statements = 'up' in migration ? await statementsOf(migration.up) : migration.statements;
    for (const one of statements) made.add(madeBy(one) ?? '');
    planned.push({
      name: migration.name,
      transaction: migration.transaction,
      statements: statements.map((one): PlannedStatement => {
        const { table, lock = 'unknown', microsecondsPerRow = 0 } = effectOf(one) ?? {};
        const existing = table !== undefined && !made.has(table);
        const size = existing ? (rows.get(table) ?? 0) : 0;
        return {
          statement: inOneLine(one.text),
          table: existing ? table : undefined,
          lock: table !== undefined && !existing ? 'none' : lock,
          rows: size,
          seconds: (size * microsecondsPerRow) / 1_000_000,
          batches: one.batches !== undefined,
        };
      }),
    });
  }
  return planned;
}
