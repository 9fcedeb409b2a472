import { setTimeout as pause } from 'node:timers/promises';
import type { Stage } from './stage/stage.ts';
import type { Tally } from './tally.ts';

/** Allows for a lease that a killed process left, and for the attempts after it. */
const SENT_WITHIN_MS = 100_000;

interface Row {
  id: string;
  sent: boolean;
  dropped: boolean;
}

/**
 * Checks the messages that are added between now and `end`. `compare` waits until none of them is due, and compares the
 * outbox with the deliveries of the gateway. Each message must have been delivered, or dropped because it was too old.
 * Every delivery must be in the database, because another one would report an event that never happened. No message may
 * still be waiting, because it would be sent again after the gateway had accepted it.
 */
export async function checkMessages(stage: Stage, tally: Tally) {
  const now = async (): Promise<Date> => {
    const [row] = await stage.query<{ now: Date }>('select now()');
    return row?.now as Date;
  };
  const from = await now();
  const before = new Set(stage.gateway.delivered.keys());
  let until = from;
  let delivered: string[] = [];
  const repeats = stage.gateway.repeats;

  const rows = (): Promise<Row[]> =>
    stage.query<Row>(
      `select id::text, sent_at is not null as sent, dropped_at is not null as dropped
       from outbox where channel = 'sms' and created_at >= $1 and created_at < $2`,
      [from, until],
    );

  return {
    async end(): Promise<void> {
      until = await now();
      delivered = [...stage.gateway.delivered.keys()].filter((id) => !before.has(id));
      const again = stage.gateway.repeats - repeats;
      if (again > 0) tally.notes.push(`${again} messages were handed over again under their id`);
    },
    async compare(): Promise<void> {
      const deadline = performance.now() + SENT_WITHIN_MS;
      let all = await rows();
      while (all.some(({ sent, dropped }) => !sent && !dropped) && performance.now() < deadline) {
        await pause(500);
        all = await rows();
      }
      const waiting = all.filter(({ sent, dropped }) => !sent && !dropped).length;
      if (waiting > 0) tally.lost.push(`${waiting} messages were never sent`);
      const missing = all.filter(({ id, sent }) => sent && !stage.gateway.delivered.has(id)).length;
      if (missing > 0) tally.lost.push(`${missing} messages count as sent and were not delivered`);
      const dropped = all.filter((row) => row.dropped).length;
      if (dropped > 0) tally.notes.push(`${dropped} messages were dropped`);
      const known = new Set(
        (
          await stage.query<{ id: string }>(`select id::text from outbox where id = any($1)`, [delivered])
        ).map(({ id }) => id),
      );
      const orphans = delivered.filter((id) => !known.has(id)).length;
      if (orphans > 0) tally.doubled.push(`${orphans} messages were sent for what was never committed`);
    },
  };
}
