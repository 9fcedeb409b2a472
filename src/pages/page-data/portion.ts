import type { Context } from 'koa';

/** The part of a list that fits on a page. It limits the size of the page for accounts with much data. */
export interface Portion<Item> {
  shown: Item[];
  /** The number of items after these. */
  more: number;
  /** The value of `?page=` for the next page. Undefined on the last page. */
  next: string | undefined;
}

/** The requested page, from 1. Defaults to the first page. */
const pageOf = (asked: unknown): number =>
  typeof asked === 'string' && /^[1-9]\d{0,3}$/.test(asked) ? Number(asked) : 1;

/** The items of one page, with at most `most` items. Defaults to the first page if `ctx` requests no other. */
export function portion<Item>(all: readonly Item[], most: number, ctx?: Context): Portion<Item> {
  const page = pageOf(ctx?.query.page);
  const more = Math.max(0, all.length - page * most);
  return {
    shown: all.slice((page - 1) * most, page * most),
    more,
    next: more > 0 ? String(page + 1) : undefined,
  };
}
