import type { Context } from 'koa';

/**
 * Whether the request has an unread body. The connection is then closed, because the end of the body may never arrive.
 */
export function hasUnreadBody({ req }: Context): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': chunked } = req.headers;
  return !req.complete && (chunked !== undefined || Number(length) > 0);
}
