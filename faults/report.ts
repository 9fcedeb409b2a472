import { writeFile } from 'node:fs/promises';
import { machine } from '../bench/machine.ts';
import { writeBetween } from '../bench/report/between.ts';
import type { Fault } from './fault.ts';
import type { FaultRun } from './run-fault.ts';
import { RESULTS } from './stage/stage.ts';

const PAGE = new URL('../docs/FAULTS.md', import.meta.url);

export interface Row {
  fault: string;
  requests: number;
  refused: number;
  cut: number;
  hung: number;
  lost: number;
  doubled: number;
  crashed: number;
  recoverySeconds: number;
}

export const rowOf = ({ fault, tally, recoverySeconds }: FaultRun): Row => ({
  fault: fault.name,
  requests: tally.requests,
  refused: tally.refused,
  cut: tally.cut,
  hung: tally.hung.length,
  lost: tally.lost.length,
  doubled: tally.doubled.length,
  crashed: tally.crashed.length,
  recoverySeconds: Math.round(recoverySeconds * 10) / 10,
});

/** Whether a run is as it must be. */
export const passed = (run: FaultRun): boolean => findings(run).length === 0;

/** Everything that was wrong. */
export const findings = ({ tally }: FaultRun): string[] =>
  summed([...tally.lost, ...tally.doubled, ...tally.hung, ...tally.crashed]);

/** The same sentence once, with how often it was said. */
export function summed(sentences: readonly string[]): string[] {
  const times = Map.groupBy(sentences, (sentence) => sentence);
  return [...times].map(([sentence, all]) => (all.length > 1 ? `${all.length} × ${sentence}` : sentence));
}

/** Writes `results/latest.json`. */
export async function writeJson(runs: readonly FaultRun[], date: string): Promise<void> {
  const faults = runs.map((run) => ({
    ...rowOf(run),
    medianBeforeMs: Math.round(run.medianBefore),
    medianDuringMs: Math.round(run.medianDuring),
    found: findings(run),
    notes: summed(run.tally.notes),
  }));
  const all = { date, machine: machine(), faults };
  await writeFile(`${RESULTS}latest.json`, `${JSON.stringify(all, null, 2)}\n`);
}

const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Writes the tables of `docs/FAULTS.md`: what the faults are, and what they did. */
export async function writePage(
  runs: readonly FaultRun[],
  faults: readonly Fault[],
  date: string,
): Promise<void> {
  const described = table(
    ['fault', 'description', 'must never cause'],
    faults.map(({ name, what, never }) => [`\`${name}\``, what, never]),
  );
  const measured = table(
    ['fault', 'requests', 'refused', 'cut', 'lost', 'doubled', 'seconds to recover'],
    runs
      .map(rowOf)
      .map((row) => [
        `\`${row.fault}\``,
        row.requests,
        row.refused,
        row.cut,
        row.lost + row.hung + row.crashed,
        row.doubled,
        row.recoverySeconds.toFixed(1),
      ]),
  );
  const text = `${date}, ${machine()}.\n\n${measured}`;
  await writeBetween(PAGE, { faults: described, results: text });
}
