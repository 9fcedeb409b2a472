import type { Context, Middleware } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { decodeStrictly } from './characters.ts';

export interface RequestLimitsSettings {
  /** The largest body, in bytes, of a request that states its length; read on, others are bounded in `body.ts`. */
  bytesFor(ctx: Context): number;
}

const BASIC = /^basic +([a-z0-9+/_=-]+)$/i;

/** RFC 6749 §2.3.1: the two halves are form-encoded, so a NUL may hide in an escape. */
function checkBasic(authorization: string) {
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) return;
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  if (credentials.includes('\0') || credentials.includes('%00')) throw new AppError('INVALID_CHARACTER');
}

/**
 * Refuses what no handler should see, before a byte of the body is read: a compressed body (415), one that
 * says it is too large (413), and characters in target or credentials that the database cannot hold (400).
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
