import { outsideOfRequests } from '../lib/request-context.ts';
import type { Tracing } from '../lib/tracing.ts';
import { STATEMENT } from './statement-name.ts';
import { withinLimit } from './wait-limit.ts';

type Waiter<Row> = { resolve: (row: Row | undefined) => void; reject: (error: unknown) => void };

/** The maximum number of simultaneous reads. Keys that are requested in the meantime wait and share the next read. */
const CONCURRENT = 2;

/**
 * Reads rows by their key. Keys that are requested in the same turn of the event loop, or while earlier reads are
 * running, share one statement. `read` receives distinct keys and returns the rows that exist. In a trace, each request
 * has a span `name` while it waits; the shared statement has none.
 */
export function batchedRead<Key, Row>(
  read: (keys: Key[]) => Promise<Map<Key, Row>>,
  { name, tracing }: { name: string; tracing?: Tracing | undefined } = { name: 'read' },
): (key: Key) => Promise<Row | undefined> {
  let asked = new Map<Key, Waiter<Row>[]>();
  let running = 0;
  let scheduled = false;

  async function run(batch: Map<Key, Waiter<Row>[]>): Promise<void> {
    running += 1;
    try {
      const found = await read([...batch.keys()]);
      for (const [key, waiters] of batch) for (const { resolve } of waiters) resolve(found.get(key));
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

  const ask = (key: Key): Promise<Row | undefined> =>
    new Promise((resolve, reject) => {
      const waiters = asked.get(key);
      if (waiters) waiters.push({ resolve, reject });
      else asked.set(key, [{ resolve, reject }]);
      if (scheduled) return;
      scheduled = true;
      // each request has its own limit; the shared statement has none
      setImmediate(() => outsideOfRequests(tracing ? () => tracing.detached(flush) : flush));
    });

  const limited = (key: Key): Promise<Row | undefined> => withinLimit(() => ask(key));
  return tracing ? (key) => tracing.child(name, STATEMENT, () => limited(key)) : limited;
}
