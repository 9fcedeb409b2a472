import { count } from '../db/claims.ts';
import type { Db } from '../db/database.ts';

/** Attempts to guess a value that belongs to a record. They are counted on its row, and thus across all processes. */
export interface RecordTries {
  /**
   * Consumes an attempt before the guess is checked, immediately and regardless of the request's outcome. Returns false
   * if none is left.
   */
  take(id: string, limit: number): Promise<boolean>;
  /** Returns the attempt after a correct guess. */
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
