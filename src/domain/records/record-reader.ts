import type { StoredRecord } from './record.ts';
import { READ } from './record-sql.ts';
import type { RunQuery } from './run-query.ts';

/** How many reads may be under way at once; what is asked meanwhile waits and shares the next one. */
const CONCURRENT = 2;

type Waiter = { resolve: (record: StoredRecord | undefined) => void; reject: (error: unknown) => void };

/** Reads records; everything that is asked in the same turn of the event loop shares one statement. */
export function recordReader(query: RunQuery): (id: string) => Promise<StoredRecord | undefined> {
  let asked = new Map<string, Waiter[]>();
  let running = 0;
  let scheduled = false;

  async function run(batch: Map<string, Waiter[]>): Promise<void> {
    running += 1;
    const ids = [...batch.keys()];
    try {
      const { rows } = await query<StoredRecord & { position: number }>('read-records', READ, [ids]);
      const found = new Map(rows.map((row) => [ids[row.position - 1], row]));
      for (const [id, waiters] of batch) for (const { resolve } of waiters) resolve(found.get(id));
    } catch (error) {
      for (const waiters of batch.values()) for (const { reject } of waiters) reject(error);
    } finally {
      running -= 1;
      flush();
    }
  }

  function flush(): void {
    scheduled = false;
    if (asked.size === 0 || running >= CONCURRENT) return;
    const batch = asked;
    asked = new Map();
    void run(batch);
  }

  return (id) =>
    new Promise((resolve, reject) => {
      const waiters = asked.get(id);
      if (waiters) waiters.push({ resolve, reject });
      else asked.set(id, [{ resolve, reject }]);
      if (scheduled) return;
      scheduled = true;
      setImmediate(flush);
    });
}
