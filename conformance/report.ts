import type { Check } from './check.ts';
import type { Result } from './result.ts';

export interface Line {
  check: Check;
  result: Result;
}

/** The length to which the first line of a failure is cut. The JSON has the complete failure. */
const LONGEST_NOTE = 100;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const noteOf = (result: Result): string => {
  if (result.status === 'passed') return '';
  return result.status === 'failed' ? messageOf(result.error) : result.reason;
};

const MARKS: Readonly<Record<Result['status'], string>> = {
  passed: 'pass',
  failed: 'FAIL',
  'not applicable': 'n/a',
};

/** Formats the table of all checks, followed by the totals. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map(({ check, result }) => {
    const note = noteOf(result).split('\n', 1)[0]?.slice(0, LONGEST_NOTE);
    return [MARKS[result.status], check.id, check.section, `${check.title}${note ? `: ${note}` : ''}`];
  });
  const all = [['result', 'check', 'specification', 'what is checked'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const written = all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const count = (status: Result['status']): number =>
    lines.filter(({ result }) => result.status === status).length;
  return `${written.map((row) => row.trimEnd()).join('\n')}

${count('passed')} passed, ${count('failed')} failed, ${count('not applicable')} not applicable`;
}

/** Returns the same results for programs. */
export const jsonOf = (issuer: string, lines: readonly Line[]) => ({
  issuer,
  date: new Date().toISOString(),
  checks: lines.map(({ check: { id, section, title }, result }) => ({
    ...{ id, section, title, result: result.status },
    ...(result.status === 'passed' ? {} : { note: noteOf(result) }),
  })),
});
