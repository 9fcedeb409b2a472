import { setTimeout as pause } from 'node:timers/promises';
import type { Stage } from './stage/stage.ts';
import type { Tally } from './tally.ts';

/** A lease that a killed process left, and the attempts after it. */
const SENT_WITHIN_MS = 100_000;

interface Row {
  id: string;
  sent: boolean;
  dropped: boolean;
}

/**
 * The messages that are added from now until `end`: `compare` waits until none of them is due any more and compares the
 * outbox with what the gateway delivered. Each was delivered, or dropped because it was too old to be of use; none was
 * delivered that the database does not know, which would tell of something that never happened; and none that will be
 * sent again although the gateway took it long ago.
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
