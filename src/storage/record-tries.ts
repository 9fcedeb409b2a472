import { count } from '../db/claims.ts';
import type { Db } from '../db/database.ts';

/** Guesses at something that goes with a record, counted on its row and so for every process. */
export interface RecordTries {
  /**
   * Consumes an attempt before the guess is checked, at once and whatever becomes of the request; false when none is
   * left.
   */
  take(id: string, limit: number): Promise<boolean>;
  /** The guess was right and does not count. */
  refund(id: string): Promise<void>;
}

export const recordTries = ({ db }: { db: Db }): RecordTries => ({
  async take(id, limit) {
    const unused = db('records').where({ id }).whereNull('consumed_at');
    return (await count(unused, 'tries', limit)) !== undefined;
  },
  async refund(id) {
    await db('records').where({ id }).where('tries', '>', 0).decrement('tries', 1);
  },
});
