import { setTimeout as pause } from 'node:timers/promises';
import { checkMessages } from './check-messages.ts';
import type { MakeClient } from './clients/client.ts';
import { type Fault, type FaultOptions, RECOVERED_WITHIN } from './fault.ts';
import { prepareLoad } from './load.ts';
import { PATIENT_MS, usualDeadline } from './send.ts';
import type { Stage } from './stage/stage.ts';
import { type Latencies, quantile, type Tally, takeLatencies } from './tally.ts';

const USUAL = {
  /** The load before the fault, for comparison, */
  calmMs: 3000,
  /** and the load after it, which is longer than requests may be refused. */
  afterMs: RECOVERED_WITHIN * 1000 + 1500,
  deadlineMs: usualDeadline(),
};
const SHORT = { calmMs: 1000, afterMs: 1000, deadlineMs: PATIENT_MS };
/** The minimum number of requests whose median is not dominated by noise. */
const FEW = 5;

export interface FaultRun {
  fault: Fault;
  tally: Tally;
  /** The time from the end of the fault to the last refused request. */
  recoverySeconds: number;
  /** Milliseconds, over all kinds of clients. */
  medianBefore: number;
  medianDuring: number;
  /** Checks what is only known after the last message has been sent. */
  finish(): Promise<void>;
}

/** Compares with the slower of the phases before and after the fault, because the other load of a machine varies. */
function compareLatencies(
  { slowerByMs }: Fault,
  tally: Tally,
  during: Latencies,
  calm: readonly Latencies[],
): void {
  if (slowerByMs === undefined) return;
  for (const kind of calm[0]?.kinds ?? []) {
    const enough = [during, ...calm].every((phase) => phase.of(kind).length >= FEW);
    if (!enough) continue;
    const usual = Math.max(...calm.map((phase) => quantile(phase.of(kind), 0.5)));
    const slower = quantile(during.of(kind), 0.5) - usual;
    tally.notes.push(`${kind}: ${slower >= 0 ? '+' : ''}${slower.toFixed(0)} ms in the median`);
    if (slower > slowerByMs)
      tally.late.push(`${kind}: ${slower.toFixed(0)} ms slower in the median, more than ${slowerByMs}`);
  }
}

/** The result of a fault that could not be completed, which counts as a crash. */
export function brokenOff(fault: Fault, tally: Tally, error: unknown): FaultRun {
  tally.crashed.push(`broken off: ${error instanceof Error ? error.message : error}`);
  return { fault, tally, recoverySeconds: 0, medianBefore: 0, medianDuring: 0, finish: async () => {} };
}

/** Runs one fault under load, then compares what was acknowledged with the actual state. */
export async function runFault<S extends Stage>(
  stage: S,
  fault: Fault<S>,
  tally: Tally,
  interrupted: AbortSignal,
  { crew, ...options }: FaultOptions & { crew: readonly MakeClient[] },
): Promise<FaultRun> {
  const { calmMs, afterMs, deadlineMs } = options.short ? SHORT : USUAL;
  const lateChecks: (() => Promise<void>)[] = [];
  const messages = await checkMessages(stage, tally);
  const load = await prepareLoad(stage, tally, {
    crew,
    deadlineMs,
    cutsAllowed: fault.cuts === true,
    unheard: fault.unheard === true,
    later: (check) => void lateChecks.push(check),
  });
  try {
    takeLatencies(tally);
    tally.requests = 0;
    load.start();
    await pause(calmMs, undefined, { signal: interrupted });
    const before = takeLatencies(tally);

    const afterwards = await fault.inject(load.around, options);
    const healed = performance.now();
    const during = takeLatencies(tally);
    await pause(afterMs, undefined, { signal: interrupted });
    const after = takeLatencies(tally);
    await load.stop();
    const recoverySeconds = Math.max(0, (tally.lastTrouble - healed) / 1000);
    if (recoverySeconds > RECOVERED_WITHIN)
      tally.late.push(`requests were refused ${recoverySeconds.toFixed(1)} s after the end`);
    compareLatencies(fault, tally, during, [before, after]);
    if (options.short) tally.notes.push(...tally.late.splice(0));

    await load.check();
    await afterwards?.();
    await messages.end();
    return {
      fault,
      tally,
      recoverySeconds,
      medianBefore: quantile(before.all, 0.5),
      medianDuring: quantile(during.all, 0.5),
      async finish() {
        await messages.compare();
        for (const check of lateChecks) await check();
      },
    };
  } finally {
    load.close();
  }
}
