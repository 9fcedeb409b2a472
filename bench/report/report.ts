import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Results } from '../results.ts';
import { chart } from './chart.ts';
import { resultLines } from './tables.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const RESULTS = at('bench/results/bench.json');
const CHART = at('docs/performance.svg');
const PAGE = at('docs/PERFORMANCE.md');
const [BEGIN, END] = ['<!-- results -->', '<!-- end of results -->'];

/** Puts lines between the markers of a page, in place of what stands there. */
export function betweenMarkers(page: string, lines: readonly string[], [begin, end] = [BEGIN, END]): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${lines.join('\n')}\n\n${page.slice(to)}`;
}

/** Writes the results as JSON, the chart, and the tables into the documentation. */
export async function writeReport(results: Results): Promise<void> {
  const { machine, seconds, rounds } = results;
  const heading = [
    `${results.at.slice(0, 10)}, ${machine}. Load, servers and database share the machine. ${rounds} rounds of ${seconds} s;`,
    'figures are medians, ratios are of runs of one round. A sign-in by page is four requests.',
    '',
  ];
  await writeFile(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile(CHART, chart(results));
  const page = await readFile(PAGE, 'utf8');
  await writeFile(PAGE, betweenMarkers(page, [...heading, ...resultLines(results)]));
}
