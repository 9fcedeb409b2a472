import { AppError } from '../../errors/app-error.ts';
import { sha256 } from '../../lib/sha256.ts';

/** The position at which a list continues: the sort key of its last row. */
export type Position = readonly (string | number)[];

export interface Page<Row> {
  data: Row[];
  /** The cursor of the next page; null at the end. */
  next: string | null;
}

/** The requested page. */
export interface PageWanted {
  limit: number;
  after?: string | undefined;
}

/** A stamp of the list and its filters, so that a cursor of one list is rejected by another. */
const stampOf = (list: string): string => sha256(list).toString('base64url').slice(0, 12);

/** Encodes an opaque cursor. `list` identifies the list and its filters. */
export const writeCursor = (list: string, position: Position): string =>
  Buffer.from(JSON.stringify([stampOf(list), ...position])).toString('base64url');

/** The position in a cursor; undefined if the cursor is of another list, of other filters, or not valid. */
function readCursor(list: string, cursor: string, length: number): Position | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(parsed) || parsed.length !== length + 1 || parsed[0] !== stampOf(list))
      return undefined;
    const position = parsed.slice(1);
    return position.every((one) => typeof one === 'string' || Number.isSafeInteger(one))
      ? position
      : undefined;
  } catch {
    return undefined;
  }
}

/** The same, but undefined for the first page. Throws `INVALID_CURSOR`. */
export function positionIn(list: string, after: string | undefined, length: number): Position | undefined {
  if (after === undefined) return undefined;
  const position = readCursor(list, after, length);
  if (!position) throw new AppError('INVALID_CURSOR', { field: 'after' });
  return position;
}

/** A page of at most `limit` rows, given up to one row more, which shows whether a next page exists. */
export function pageOf<Row>(
  list: string,
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => Position,
): Page<Row> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, next: rows.length > limit && last ? writeCursor(list, positionOf(last)) : null };
}

/**
 * A page of a list that is short enough to be read in full. The list is sorted by `keyOf`, which is unique and never
 * changes, so that rows added in the meantime do not disturb a page. Throws `INVALID_CURSOR`.
 */
export function pageOfAll<Row>(
  list: string,
  rows: readonly Row[],
  { limit, after }: PageWanted,
  keyOf: (row: Row) => string,
): Page<Row> {
  const [last = ''] = positionIn(list, after, 1) ?? [];
  const rest = rows
    .map((row) => ({ row, key: keyOf(row) }))
    .filter(({ key }) => key > String(last))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
  const { data, next } = pageOf(list, rest, limit, ({ key }) => [key]);
  return { data: data.map(({ row }) => row), next };
}
