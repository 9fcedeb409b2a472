/** The result of a command. */
export interface Answer {
  /** For `--json`. */
  data: unknown;
  /** For people: lines without a trailing line break. */
  text: string;
  /** The command did its work, but found a problem: exit code 1. */
  failed?: boolean;
  /** The command has already written its output, part by part. */
  written?: boolean;
}

/** Formats `name  value` lines with aligned values. Omits undefined and null. */
export function fields(members: Record<string, unknown>): string {
  const shown = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${wordsOf(value)}`).join('\n');
}

/** Formats a table with a header. Each column is as wide as its widest cell. */
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
 * Makes untrusted text safe for a terminal. A client that registers itself must not be able to send escape sequences or
 * additional lines.
 */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');

function wordsOf(value: unknown): string {
  if (value === undefined || value === null) return '-';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(wordsOf).join(' ');
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
