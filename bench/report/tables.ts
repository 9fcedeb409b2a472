import type { Figures, Results, ScenarioResult } from '../results.ts';
import { growth } from '../search.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const two = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(2));

/** Returns a Markdown table whose columns are as wide as their longest cell. Numbers are right-aligned. */
export function table(allHeads: readonly string[], allRows: readonly (readonly string[])[]): string[] {
  // columns without any measurement are omitted
  const filled = allHeads.map((_head, column) => column < 2 || allRows.some((row) => row[column] !== ''));
  const [head = [], ...rows] = [allHeads, ...allRows].map((row) =>
    row.filter((_cell, column) => filled[column]),
  );
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const isText = (column: number): boolean => column < 2;
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    isText(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)];
}

const HEAD = [
  'scenario',
  'server',
  'requests/s',
  'ratio',
  'aim',
  'p50 ms',
  'p99 ms',
  'errors',
  'server CPU ms',
  'CPU ratio',
  'database CPU ms',
  'statements',
  'MiB',
];

const AIMED_AT: Record<string, (scenario: ScenarioResult) => number | undefined> = {
  PostgreSQL: ({ atLeast }) => atLeast,
  'PostgreSQL and Redis': ({ atLeast, atLeastWithRedis }) => atLeastWithRedis ?? atLeast,
};

const row = (scenario: ScenarioResult, name: string, figures: Figures, first: boolean): string[] => [
  first ? scenario.name : '',
  name,
  whole(figures.requestsPerSecond),
  two(figures.ratio),
  two(AIMED_AT[name]?.(scenario)),
  whole(figures.p50),
  whole(figures.p99),
  whole(figures.errors),
  two(figures.cpu),
  two(figures.cpuRatio),
  two(figures.databaseCpu),
  two(figures.statements),
  whole(figures.memory),
];

const scenarioTable = ({ scenarios }: Results): string[] =>
  table(
    HEAD,
    scenarios.flatMap((scenario) =>
      Object.entries(scenario.servers).map(([name, figures], index) =>
        row(scenario, name, figures, index === 0),
      ),
    ),
  );

function passwordLines({ passwords }: Results): string[] {
  if (!passwords) return [];
  const { hashesPerSecond, grantsPerSecond, ratio, refreshP99Idle, refreshP99Saturated } = passwords;
  return [
    '',
    ...table(
      ['passwords', '', 'figure', 'aim'],
      [
        ['verifications a second of the hash alone', '', whole(hashesPerSecond), ''],
        ['password grants a second', '', whole(grantsPerSecond), ''],
        ['share of the hash alone', '', two(ratio), '0.90'],
        ['p99 of a refresh, idle, ms', '', whole(refreshP99Idle), ''],
        [
          'the same while the password grant is saturated, ms',
          '',
          whole(refreshP99Saturated),
          whole(3 * refreshP99Idle),
        ],
      ],
    ),
  ];
}

function searchLines({ search }: Results): string[] {
  if (!search) return [];
  return [
    '',
    ...table(
      ['accounts', '', 'searches/s', 'p50 ms', 'p99 ms', 'errors'],
      search.map((one) => [
        whole(one.accounts),
        '',
        whole(one.requestsPerSecond),
        whole(one.p50),
        whole(one.p99),
        whole(one.errors),
      ]),
    ),
    '',
    `A partner's search takes ${two(growth(search))} times as long among a hundred times as many accounts (the target is at most 1.30).`,
  ];
}

/** Returns all tables as Markdown that is also readable on a terminal. */
export const resultLines = (results: Results): string[] => [
  ...scenarioTable(results),
  ...passwordLines(results),
  ...searchLines(results),
];
