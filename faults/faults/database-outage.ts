import { setTimeout as pause } from 'node:timers/promises';
import type { Around } from '../clients/client.ts';
import { RECOVERED_WITHIN } from '../fault.ts';
import type { ClusterStage } from '../stage/cluster-stage.ts';

/** Longer than any failover takes on a slow machine. */
const WRITES_WITHIN_MS = 180_000;
/** A transaction with a write, so that its commit waits for the synchronous standby. */
const WRITE = `select pg_logical_emit_message(true, 'faults', 'written')`;

/** Resolves when the cluster has committed a transaction. */
async function writes({ query }: ClusterStage): Promise<void> {
  const deadline = performance.now() + WRITES_WITHIN_MS;
  for (;;) {
    try {
      await query(WRITE);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(50);
    }
  }
}

/**
 * Causes a database outage under load. Waits until the database accepts writes again and the servers have had time to
 * notice. Later refusals are counted as lost.
 */
export async function databaseOutage(
  { stage, tally }: Around<ClusterStage>,
  cause: () => Promise<void>,
): Promise<void> {
  const began = performance.now();
  await cause();
  await writes(stage);
  const ended = performance.now();
  await pause(RECOVERED_WITHIN * 1000 + 500);
  const later = Math.max(0, tally.lastTrouble - ended) / 1000;
  const seconds = ((ended - began) / 1000).toFixed(1);
  tally.notes.push(
    `the database took writes after ${seconds} s; the last refusal was ${later.toFixed(1)} s later`,
  );
  if (later > RECOVERED_WITHIN)
    tally.late.push(`requests were refused ${later.toFixed(1)} s after the database was back`);
}
