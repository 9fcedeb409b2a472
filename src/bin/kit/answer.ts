/** What a command has done or found. */
export interface Answer {
  /** For `--json`. */
  data: unknown;
  /** For people: lines without a line break at the end. */
  text: string;
  /** The command did its work and what it found is bad: exit code 1. */
  failed?: boolean;
  /** The command has written its answer already, part by part. */
  written?: boolean;
}

/** `name  value` lines with the values in one column; undefined and null are left out. */
export function fields(members: Record<string, unknown>): string {
  const shown = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${wordsOf(value)}`).join('\n');
}

/** A table with a head; columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = [head, ...rows.map((row) => row.map(wordsOf))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * Text that someone else chose, as it may go to a terminal: a client that registers itself must not be able to send
 * escape sequences or further lines.
 */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');

function wordsOf(value: unknown): string {
  if (value === undefined || value === null) return '-';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(wordsOf).join(' ');
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
