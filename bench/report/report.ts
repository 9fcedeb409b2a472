import { writeFile } from 'node:fs/promises';
import type { Results } from '../results.ts';
import { writeBetween } from './between.ts';
import { chart } from './chart.ts';
import { resultLines } from './tables.ts';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);

/** Writes the results as JSON, the chart, and the tables into the documentation. */
export async function writeReport(results: Results): Promise<void> {
  const { machine, seconds, rounds } = results;
  const heading = [
    `${results.at.slice(0, 10)}, ${machine}.`,
    `Load, servers and database share the machine. ${rounds} rounds of ${seconds} s; figures are medians, ratios are of runs of one round.`,
    '',
  ];
  await writeFile(at('bench/results/bench.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile(at('docs/performance.svg'), chart(results));
  await writeBetween(at('docs/PERFORMANCE.md'), {
    results: [...heading, ...resultLines(results)].join('\n'),
  });
}
