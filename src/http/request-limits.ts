import type { Context, Middleware } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { decodeStrictly } from './characters.ts';

export interface RequestLimitsSettings {
  /** Returns the maximum body size, in bytes, of a request that states its length. `body.ts` limits other bodies. */
  bytesFor(ctx: Context): number;
}

const BASIC = /^basic +([a-z0-9+/_=-]+)$/i;

/** Rejects a NUL in Basic credentials. Both parts are form-encoded (RFC 6749 §2.3.1), so a NUL may be escaped. */
function checkBasic(authorization: string) {
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) return;
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  if (credentials.includes('\0') || credentials.includes('%00')) throw new AppError('INVALID_CHARACTER');
}

/**
 * Rejects requests that no handler should receive, before any of the body is read: a compressed body (415), a stated
 * length that is too large (413), and characters in the target or credentials that the database cannot store (400).
 */
export const requestLimits = ({ bytesFor }: RequestLimitsSettings): Middleware => {
  return (ctx, next) => {
    const encoding = ctx.get('Content-Encoding').trim().toLowerCase();
    if (encoding !== '' && encoding !== 'identity') throw new AppError('UNSUPPORTED_MEDIA_TYPE');

    if (Number(ctx.get('Content-Length')) > bytesFor(ctx)) throw new AppError('BODY_TOO_LARGE');

    decodeStrictly(ctx.url);
    checkBasic(ctx.get('Authorization'));
    return next();
  };
};
