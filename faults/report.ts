import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { machine } from '../bench/machine.ts';
import { writeBetween } from '../bench/report/between.ts';
import type { Fault } from './fault.ts';
import { longestOutage } from './outages.ts';
import type { FaultRun } from './run-fault.ts';
import { RESULTS } from './stage/stage.ts';

/** The programs of a cluster, in addition to PostgreSQL. */
const PROGRAMS = {
  Patroni: 'patroni',
  etcd: 'etcd',
  PgBouncer: '/usr/sbin/pgbouncer',
  Redis: 'redis-server',
};

const clusterVersions = (): string =>
  Object.entries(PROGRAMS)
    .map(([name, program]) => {
      const told = execFileSync(program, ['--version'], { encoding: 'utf8' });
      return `${name} ${/\d+(\.\d+)+/.exec(told)?.[0]}`;
    })
    .join(', ');

const PAGE = new URL('../docs/FAULTS.md', import.meta.url);

export interface Row {
  fault: string;
  requests: number;
  /** The number of expected responses. */
  acknowledged: number;
  refused: number;
  cut: number;
  hung: number;
  lost: number;
  doubled: number;
  crashed: number;
  recoverySeconds: number;
  /** The longest time that one of the servers was unavailable; absent when it is not measured. */
  secondsWithoutService?: number;
}

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;

export const rowOf = ({ fault, tally, recoverySeconds }: FaultRun): Row => ({
  fault: fault.name,
  requests: tally.requests,
  acknowledged: tally.requests - tally.refused - tally.cut - tally.hung.length,
  refused: tally.refused,
  cut: tally.cut,
  hung: tally.hung.length,
  lost: tally.lost.length + tally.late.length,
  doubled: tally.doubled.length,
  crashed: tally.crashed.length,
  recoverySeconds: rounded(recoverySeconds),
  ...(tally.probes.length > 0 ? { secondsWithoutService: rounded(longestOutage(tally.probes)) } : {}),
});

/** Whether a run has no findings. */
export const passed = (run: FaultRun): boolean => findings(run).length === 0;

/** Returns everything that was wrong. */
export const findings = ({ tally }: FaultRun): string[] =>
  summed([...tally.lost, ...tally.doubled, ...tally.hung, ...tally.crashed, ...tally.late]);

/** Merges equal sentences, with their number. */
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

/** Writes the table of `docs/FAULTS.md` that describes the faults. */
export async function writeFaults(faults: readonly Fault[]): Promise<void> {
  const described = table(
    ['fault', 'description', 'must never cause'],
    faults.map(({ name, what, never }) => [`\`${name}\``, what, never]),
  );
  await writeBetween(PAGE, { faults: described });
}

/** Writes the results of the faults of single services. */
export async function writeResults(runs: readonly FaultRun[], date: string): Promise<void> {
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
  await writeBetween(PAGE, { results: `${date}, ${machine()}.\n\n${measured}` });
}

/** Writes the results of the faults of clusters. */
export async function writeClusterResults(runs: readonly FaultRun[], date: string): Promise<void> {
  const measured = table(
    ['fault', 'seconds without service', 'acknowledged', 'refused', 'lost', 'doubled', 'hung'],
    runs
      .map(rowOf)
      .map((row) => [
        `\`${row.fault}\``,
        row.secondsWithoutService?.toFixed(1) ?? '',
        row.acknowledged,
        row.refused,
        row.lost + row.cut + row.crashed,
        row.doubled,
        row.hung,
      ]),
  );
  await writeBetween(PAGE, {
    'cluster results': `${date}, ${machine()}, ${clusterVersions()}.\n\n${measured}`,
  });
}
