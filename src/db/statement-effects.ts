import { inOneLine, type SqlStatement } from './sql-statements.ts';

/** A lock of PostgreSQL on a table (its manual, chapter "Explicit locking"), from the weakest to the strongest. */
export type Lock =
  | 'none'
  | 'ACCESS SHARE'
  | 'ROW EXCLUSIVE'
  | 'SHARE UPDATE EXCLUSIVE'
  | 'SHARE'
  | 'SHARE ROW EXCLUSIVE'
  | 'ACCESS EXCLUSIVE';

/** The effect of a statement on an existing table. */
export interface Effect {
  /** Undefined if it affects no table, or only one that it creates. */
  table: string | undefined;
  lock: Lock;
  /** Microseconds per row, measured on one core; 0 if the size of the table does not matter. */
  microsecondsPerRow: number;
}

const NAME = '(?:only )?(?:if exists )?"?(\\w+)"?';

/** The first pattern that matches applies. The name of the table is its group. */
const EFFECTS: readonly [pattern: RegExp, lock: Lock, microsecondsPerRow: number][] = [
  [/^create (?:unlogged )?table/i, 'none', 0],
  [
    /^create (?:or replace )?function|^alter function|^create sequence|^comment on|^drop function/i,
    'none',
    0,
  ],
  [/^create (?:unique )?index concurrently (?:.*? )?on "?(\w+)/i, 'SHARE UPDATE EXCLUSIVE', 3],
  [/^create (?:unique )?index (?:.*? )?on "?(\w+)/i, 'SHARE', 2],
  [/^drop index concurrently/i, 'SHARE UPDATE EXCLUSIVE', 0],
  [/^drop (?:index|table|view)/i, 'ACCESS EXCLUSIVE', 0],
  [/^create (?:constraint )?trigger .*? on "?(\w+)/i, 'SHARE ROW EXCLUSIVE', 0],
  [new RegExp(`^alter table ${NAME} validate constraint`, 'i'), 'SHARE UPDATE EXCLUSIVE', 1],
  [new RegExp(`^alter table ${NAME} set \\(`, 'i'), 'SHARE UPDATE EXCLUSIVE', 0],
  [
    new RegExp(`^alter table ${NAME}.*(?:alter column \\w+ (?:set data )?type|set not null)`, 'i'),
    'ACCESS EXCLUSIVE',
    5,
  ],
  [new RegExp(`^alter table ${NAME}.*foreign key.*not valid`, 'i'), 'SHARE ROW EXCLUSIVE', 0],
  [new RegExp(`^alter table ${NAME}`, 'i'), 'ACCESS EXCLUSIVE', 0],
  [/^(?:with .*)?update (?:only )?"?(\w+)/i, 'ROW EXCLUSIVE', 12],
  [/^(?:with .*)?delete from (?:only )?"?(\w+)/i, 'ROW EXCLUSIVE', 5],
  [/^insert into "?(\w+)/i, 'ROW EXCLUSIVE', 0],
  [/^select/i, 'ACCESS SHARE', 0],
];

/** Returns the effect of a statement, as far as its text shows it; undefined for an unrecognised statement. */
export function effectOf({ text }: Pick<SqlStatement, 'text'>): Effect | undefined {
  const line = inOneLine(text, Number.POSITIVE_INFINITY);
  for (const [pattern, lock, microsecondsPerRow] of EFFECTS) {
    const found = pattern.exec(line);
    if (found) return { table: found[1], lock, microsecondsPerRow };
  }
  return undefined;
}

/** Returns the table that a statement creates. */
export const madeBy = ({ text }: Pick<SqlStatement, 'text'>): string | undefined =>
  /^create (?:unlogged )?table (?:if not exists )?(\w+)/i.exec(text)?.[1];
