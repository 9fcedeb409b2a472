import { AppError } from '../../errors/app-error.ts';
import { sha256 } from '../../lib/sha256.ts';

/** Where a list goes on: the sort key of its last row. */
export type Position = readonly (string | number)[];

export interface Page<Row> {
  data: Row[];
  /** For the next page; null at the end. */
  next: string | null;
}

/** The page that is asked for. */
export interface PageWanted {
  limit: number;
  after?: string | undefined;
}

/** Names the list and its filters, so that a cursor of one list is refused by another. */
const stampOf = (list: string): string => sha256(list).toString('base64url').slice(0, 12);

/** An opaque cursor. `list` names the list together with its filters. */
export const writeCursor = (list: string, position: Position): string =>
  Buffer.from(JSON.stringify([stampOf(list), ...position])).toString('base64url');

/** The position in a cursor; undefined for one of another list, with other filters, or not made here. */
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

/** The same, undefined for the first page. Throws `INVALID_CURSOR`. */
export function positionIn(list: string, after: string | undefined, length: number): Position | undefined {
  if (after === undefined) return undefined;
  const position = readCursor(list, after, length);
  if (!position) throw new AppError('INVALID_CURSOR', { field: 'after' });
  return position;
}

/** A page of at most `limit` rows of the one more that was read. */
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
 * A page of a list that is short enough to be read whole. It is sorted by `keyOf`, which is unique and never changes,
 * so that rows that are added meanwhile disturb no page. Throws `INVALID_CURSOR`.
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
