/**
 * Whether the caller has the version of this tag, by its `If-None-Match` (RFC 9110 §13.1.2). Koa's `ctx.fresh` says no
 * to everybody who also sends `Cache-Control: no-cache`, which fetch adds on its own to a request with `If-None-Match`.
 */
export const isKnown = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()));
