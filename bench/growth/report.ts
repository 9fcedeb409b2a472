import { writeFile } from 'node:fs/promises';
import { writeBetween } from '../report/between.ts';
import { table } from '../report/tables.ts';
import type { PartitionResult } from './partitions.ts';
import type { GrowthResults, HotStatement, SideResult } from './results.ts';

const RESULTS = new URL('../results/growth.json', import.meta.url);
const PAGE = new URL('../../docs/GROWTH.md', import.meta.url);
const GIB = 2 ** 30;

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const fixed = (value: number, digits = 2): string => value.toFixed(digits);
/** Formats a Markdown cell as code. */
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

const statementRow = ({ statement, few, many }: HotStatement): string[] => [
  code(statement),
  '',
  whole(many.calls),
  fixed(few.blocks, 1),
  fixed(many.blocks, 1),
  few.blocks > 0 ? fixed(many.blocks / few.blocks) : '—',
  fixed(many.blocksRead, 1),
  fixed(few.ms),
  fixed(many.ms),
  fixed(few.p99, 1),
  fixed(many.p99, 1),
];

const STATEMENTS = [
  'statement',
  '',
  'calls',
  'blocks, few',
  'blocks, many',
  'ratio',
  'of them read',
  'ms, few',
  'ms, many',
  'p99, few',
  'p99, many',
];

const deploymentRows = (few: SideResult, many: SideResult): string[][] => {
  const row = (what: string, of: (side: SideResult) => string): string[] => [what, '', of(few), of(many)];
  return [
    row('database', ({ databaseBytes }) => `${fixed(databaseBytes / GIB)} GiB`),
    row('migrations from the oldest schema', ({ upgrade }) => `${fixed(upgrade.seconds, 1)} s`),
    row('slowest of them', ({ upgrade: { slowest } }) => {
      const [one] = slowest;
      return one ? `${code(one.migration)} ${fixed(one.seconds, 1)} s` : '';
    }),
    row('start of a process', ({ startMs }) => `${fixed(startMs / 1000, 1)} s`),
    row('sweep alone', ({ sweep }) => `${whole(sweep.alone)} rows/s`),
    row('sweep among 40 refreshes a second', ({ sweep }) => `${whole(sweep.underLoad)} rows/s`),
    row('p99 of those without the sweep', ({ sweep }) => `${whole(sweep.p99Without)} ms`),
    row('p99 of those during the sweep', ({ sweep }) => `${whole(sweep.p99During)} ms`),
    row('ratio (at most 2)', ({ sweep }) => fixed(sweep.ratio)),
    row('errors', ({ sweep }) => whole(sweep.errors)),
  ];
};

const partitionLines = (result: PartitionResult): string[] => [
  ...table(
    ['`records` in', '', 'blocks of a lookup', 'blocks of an insert', 'ms to plan', 'ms to execute'],
    result.lookups.map(({ partitions, readBlocks, insertBlocks, planMs, readMs }) => [
      partitions === 1 ? 'one table' : `${partitions} partitions`,
      '',
      whole(readBlocks),
      whole(insertBlocks),
      fixed(planMs),
      fixed(readMs),
    ]),
  ),
  '',
  ...table(
    ['removal of expired rows', '', 'rows/s', 'bytes of WAL a row'],
    [
      ['in batches, without pauses', '', whole(result.sweepRate), whole(result.sweepWal)],
      ['with the partition', '', whole(result.dropRate), fixed(result.dropWal, 1)],
    ],
  ),
  '',
  `Each has ${whole(result.rows)} rows. To \`on conflict (id)\`, PostgreSQL says of partitions: "${result.onConflict}".`,
];

/** Returns all tables as Markdown that is also readable on a terminal. */
export function growthLines(results: GrowthResults): string[] {
  const { few, many, statements, traffic, tables, partitions, at, machine, rounds, seconds } = results;
  const [fewer, more] = [whole(few.accounts), whole(many.accounts)];
  return [
    `${at.slice(0, 10)}, ${machine}. Few: ${fewer} accounts; many: ${more}. ${rounds} alternating rounds of ${seconds} s.`,
    '',
    ...table(STATEMENTS, statements.map(statementRow)),
    '',
    ...table(
      ['requests', '', 'p50, few', 'p50, many', 'p99, few', 'p99, many', 'ratio', 'errors'],
      traffic.map((kind) => [
        kind.name,
        '',
        ...[kind.few.p50, kind.many.p50, kind.few.p99, kind.many.p99].map(whole),
        fixed(kind.ratio),
        whole(kind.errors),
      ]),
    ),
    '',
    ...table(['', '', fewer, more], deploymentRows(few, many)),
    '',
    ...table(
      ['bytes of a row', '', 'rows', 'table', 'indexes', 'together'],
      tables.map(({ table: name, rows, heap, indexes }) => [
        `\`${name}\``,
        '',
        ...[rows, heap, indexes, heap + indexes].map(whole),
      ]),
    ),
    '',
    ...partitionLines(partitions),
  ];
}

/** Writes the results, and their tables into the page about growth. */
export async function writeReport(results: GrowthResults): Promise<void> {
  await writeFile(RESULTS, `${JSON.stringify(results, null, 1)}\n`);
  await writeBetween(PAGE, { growth: growthLines(results).join('\n') });
}
