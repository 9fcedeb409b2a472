import type { Context } from 'koa';

/** What of a list fits on a page: no page is larger for an account that has much. */
export interface Portion<Item> {
  shown: Item[];
  /** How many come after those. */
  more: number;
  /** The page that has the next of them, for its `?page=`; undefined after the last. */
  next: string | undefined;
}

/** The page that is requested, from 1 on; the first where the query names none. */
const pageOf = (asked: unknown): number =>
  typeof asked === 'string' && /^[1-9]\d{0,3}$/.test(asked) ? Number(asked) : 1;

/** The items of one page, of `most` at most; the first page unless `ctx` asks for another. */
export function portion<Item>(all: readonly Item[], most: number, ctx?: Context): Portion<Item> {
  const page = pageOf(ctx?.query.page);
  const more = Math.max(0, all.length - page * most);
  return {
    shown: all.slice((page - 1) * most, page * most),
    more,
    next: more > 0 ? String(page + 1) : undefined,
  };
}
