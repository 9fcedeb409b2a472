import type { Knex } from 'knex';
import { violated } from './constraint.ts';

type Rows = Knex.QueryBuilder;

/**
 * The three ways to do a thing once. The database decides, in one statement; nothing is read first and
 * written afterwards.
 */

/** *Claim*: marks the one row that `rows` selects as used. The row for the first caller, undefined for others. */
export async function claim<Row>(rows: Rows, usedAt: string): Promise<Row | undefined> {
  const [row] = await rows
    .whereNull(usedAt)
    .update({ [usedAt]: rows.client.raw('pratu_now()') })
    .returning('*');
  return row as Row | undefined;
}

/** *Count*: consumes an attempt before the guess is checked. The row while `column` was below `limit`. */
export async function count<Row>(rows: Rows, column: string, limit: number): Promise<Row | undefined> {
  const [row] = await rows.where(column, '<', limit).increment(column, 1).returning('*');
  return row as Row | undefined;
}

/** *Reserve*: inserts; a unique index decides who was first. The loser gets the error of its constraint. */
export async function reserve<Row>(insertion: Rows): Promise<Row> {
  try {
    const [row] = await insertion.returning('*');
    return row as Row;
  } catch (error) {
    throw violated(error) ?? error;
  }
}
