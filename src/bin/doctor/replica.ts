import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { type Check, ok, warn } from './check.ts';

/** The pause before a second measurement, for a replica that is behind at the moment of the first. */
const MEASURED_AGAIN_MS = 500;

/** Checks that lists are read from the replica. */
export async function replicaChecks(
  { replica: reader }: Pick<Database, 'replica'>,
  maxLagMs: number,
): Promise<Check[]> {
  if (!reader) return [];
  const name = 'database replica';
  let { used, lagMs } = await reader.measure();
  if (lagMs === undefined) {
    await pause(MEASURED_AGAIN_MS);
    ({ used, lagMs } = await reader.measure());
  }
  if (used) return [ok(name, `answers, ${((lagMs ?? 0) / 1000).toFixed(1)} s behind`)];
  const limit = maxLagMs / 1000;
  const message =
    lagMs === undefined ? 'does not respond, or replays nothing' : `is ${lagMs / 1000} s behind`;
  return [
    warn(
      name,
      `${message}; lists are read at the primary`,
      `Correct DATABASE_READ_URL, repair the replication, or raise database.readMaxLagMs (${limit} s).`,
    ),
  ];
}
