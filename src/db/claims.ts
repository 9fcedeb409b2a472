import type { Knex } from 'knex';
import { violated } from './constraint.ts';

type Rows = Knex.QueryBuilder;

/**
 * Three ways to do something exactly once. The database decides in a single statement; nothing is read first and
 * written afterwards.
 */

/**
 * *Claim*: marks the one row that `rows` selects as used. Returns the row to the first caller, and undefined to all
 * others.
 */
export async function claim<Row>(rows: Rows, usedAt: string): Promise<Row | undefined> {
  const [row] = await rows
    .whereNull(usedAt)
    .update({ [usedAt]: rows.client.raw('pratu_now()') })
    .returning('*');
  return row as Row | undefined;
}

/** *Count*: consumes an attempt before the guess is checked. Returns the row if `column` was below `limit`. */
export async function count<Row>(rows: Rows, column: string, limit: number): Promise<Row | undefined> {
  const [row] = await rows.where(column, '<', limit).increment(column, 1).returning('*');
  return row as Row | undefined;
}

/**
 * *Reserve*: inserts a row. A unique index decides which caller was first; any other gets the error of the constraint.
 */
export async function reserve<Row>(insertion: Rows): Promise<Row> {
  try {
    const [row] = await insertion.returning('*');
    return row as Row;
  } catch (error) {
    throw violated(error) ?? error;
  }
}
