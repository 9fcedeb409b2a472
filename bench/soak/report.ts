import { writeFile } from 'node:fs/promises';
import { writeBetween } from '../report/between.ts';
import type { Comparison } from './judgement.ts';
import type { Sample } from './sampling.ts';

export interface SoakResult {
  machine: string;
  /** An ISO 8601 time. */
  at: string;
  minutes: number;
  /** The number of completed actions, by actor. */
  done: Record<string, number>;
  errors: Record<string, number>;
  /** The number of 503 responses with `Retry-After`, after which the request was retried. */
  busy: number;
  flat: boolean;
  comparisons: Comparison[];
  samples: Sample[];
}

const RESULTS = new URL('../results/soak.json', import.meta.url);
const PAGE = new URL('../../docs/GROWTH.md', import.meta.url);

const figure = (value: number): string => value.toLocaleString('en');

function sectionOf({ machine, at, minutes, done, errors, busy, flat, comparisons }: SoakResult): string {
  const times = Object.values(done).reduce((sum, count) => sum + count, 0);
  const wrong = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const rows = comparisons.map(
    ({ what, unit, first, last, most }) =>
      `| ${what} | ${unit} | ${figure(first)} | ${figure(last)} | ${most === undefined ? '—' : figure(most)} |`,
  );
  return `${minutes} minutes on ${at.slice(0, 10)}, two processes on one PostgreSQL and one Redis, ${machine}. The load did what it does
${figure(times)} times, ${figure(wrong)} of them wrong and ${figure(busy)} told to come again (503): ${Object.entries(
    done,
  )
    .map(([name, count]) => `${name} ${figure(count)}`)
    .join(', ')}. The verdict: **${flat ? 'flat' : 'not flat'}**.

Medians of the first and last third of the measurements after the warm-up; the heap is measured after a
collection. \`—\`: nothing is promised.

| | | first third | last third | most |
|---|---|---|---|---|
${rows.join('\n')}`;
}

/** Writes the results, and their summary into the page about growth. */
export async function writeReport(result: SoakResult): Promise<void> {
  await writeFile(RESULTS, `${JSON.stringify(result, null, 1)}\n`);
  await writeBetween(PAGE, { results: sectionOf(result) });
}
