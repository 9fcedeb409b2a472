import { batchedRead } from '../db/batched-read.ts';
import type { RunQuery } from '../db/run-query.ts';
import type { StoredRecord } from './record.ts';
import { READ } from './record-sql.ts';

/** Reads records by their id; concurrent reads share one statement. */
export const recordReader = (query: RunQuery): ((id: string) => Promise<StoredRecord | undefined>) =>
  batchedRead(
    async (ids: string[]) => {
      const { rows } = await query<StoredRecord>('read-records', READ, [ids]);
      return new Map(rows.map((row) => [row.id, row]));
    },
    { name: 'read-records', tracing: query.tracing },
  );
