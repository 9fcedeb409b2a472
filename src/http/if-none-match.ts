/**
 * Whether the caller has the version with this entity tag, according to `If-None-Match` (RFC 9110 §13.1.2). Koa's
 * `ctx.fresh` is always false with `Cache-Control: no-cache`, which fetch adds to every request with `If-None-Match`.
 */
export const isKnown = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()));
