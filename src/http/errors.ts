import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import { explainDatabase } from '../db/explain.ts';
import { AppError } from '../errors/app-error.ts';
import { CATALOGUE, type ErrorCode } from '../errors/catalogue.ts';
import { noteRefusal } from './refusal.ts';
import { methodsInstead, routeOf } from './route.ts';

/** A failure as a presenter gets it. `description` is the English one; pages take their text by `code`. */
export interface PresentedFailure {
  code: ErrorCode;
  status: number;
  /** The OAuth error code, RFC 6749 §5.2. */
  error: string;
  description: string;
  /** Seconds. */
  retryAfter?: number;
  field?: string;
}

/** Writes the body of a failure; the status of the answer where it is not the failure's own. */
export type PresentFailure = (
  ctx: Context,
  failure: PresentedFailure,
) => undefined | void | number | Promise<void>;

/** What Koa, the router and raw-body throw or answer, by status. */
const BY_STATUS: Record<number, ErrorCode> = {
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  501: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};
/** Refusals that the settings make, for as long as they stay: the access log has them, and no line of a failure. */
const SETTLED: ReadonlySet<ErrorCode> = new Set(['SMS_UNAVAILABLE', 'MAIL_UNAVAILABLE']);
const RETRY_SOON_SECONDS = 1;
/** What a handler may have set for the answer that it then did not give. */
const ABANDONED = [
  'Location',
  'ETag',
  'Last-Modified',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Range',
];

function describe(code: ErrorCode, { retryAfter, field }: { retryAfter?: number; field?: string } = {}) {
  const { status, error, en } = CATALOGUE[code];
  return { code, status, error, description: en, retryAfter, field };
}

/** An unread body: the connection is closed rather than read to its end, which may never come. */
export function hasUnreadBody({ req }: Context): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': chunked } = req.headers;
  return !req.complete && (chunked !== undefined || Number(length) > 0);
}

/** Turns anything thrown into a failure of the catalogue; an unexpected error is `INTERNAL`. */
export function toFailure(error: unknown): PresentedFailure {
  if (error instanceof AppError) {
    // a channel that is not there will not be there in a second either
    const soon = error.code === 'UNAVAILABLE' ? RETRY_SOON_SECONDS : undefined;
    return describe(error.code, { retryAfter: error.retryAfter ?? soon, field: error.field });
  }
  const { status, expose } = (error ?? {}) as { status?: unknown; expose?: unknown };
  if (expose !== true || typeof status !== 'number' || status < 400 || status >= 500)
    return describe('INTERNAL');
  return describe(BY_STATUS[status] ?? 'BAD_REQUEST');
}

/** The presenter of protocol surfaces: RFC 6749 §5.2. A field at fault is named before the description. */
export const presentJson: PresentFailure = (ctx, { error, description, field }) => {
  ctx.body = { error, error_description: field ? `${field}: ${description}` : description };
};

/**
 * The edge. Whatever is thrown inside becomes an answer of the catalogue through the presenter that `present`
 * picks; so does a request that nothing answered, as 405 where its path has routes of other methods. Failures on our
 * side (5xx) are logged once, here. An answer that has already begun can only be cut off.
 */
export function errorBoundary({ log, present }: { log: Logger; present: PresentFailure }): Middleware {
  const report = (ctx: Context, err: unknown, failure: PresentedFailure) => {
    if (failure.status < 500 || SETTLED.has(failure.code)) return;
    // what an operator can fix has a sentence of its own in the log
    const why = explainDatabase(err);
    const line = {
      requestId: ctx.state.requestId,
      route: routeOf(ctx),
      ...(why ? { reason: why.what } : { err }),
    };
    if (failure.code === 'INTERNAL') log.error(line, 'unexpected error');
    else log.warn(line, 'failure');
  };

  async function answer(ctx: Context, failure: PresentedFailure) {
    noteRefusal(ctx, { error: failure.code, reason: failure.field });
    for (const header of ABANDONED) ctx.remove(header);
    ctx.body = undefined;
    ctx.status = failure.status;
    ctx.set('Cache-Control', 'no-store');
    if (failure.retryAfter !== undefined) ctx.set('Retry-After', String(Math.ceil(failure.retryAfter)));
    if (hasUnreadBody(ctx)) ctx.set('Connection', 'close');
    const status = await present(ctx, failure);
    ctx.status = status ?? failure.status;
  }

  return async (ctx, next) => {
    try {
      await next();
      const unanswered =
        ctx.respond !== false && !ctx.headerSent && ctx.body == null ? BY_STATUS[ctx.status] : undefined;
      if (!unanswered) return;
      const allowed = unanswered === 'NOT_FOUND' ? methodsInstead(ctx) : [];
      if (allowed.length > 0) ctx.set('Allow', allowed.join(', '));
      await answer(ctx, describe(allowed.length > 0 ? 'METHOD_NOT_ALLOWED' : unanswered));
    } catch (error) {
      const failure = toFailure(error);
      report(ctx, error, failure);
      if (ctx.headerSent || !ctx.writable) {
        ctx.respond = false;
        ctx.res.destroy();
        return;
      }
      try {
        await answer(ctx, failure);
      } catch (broken) {
        report(ctx, broken, describe('INTERNAL'));
        await presentJson(ctx, failure);
        ctx.status = failure.status;
      }
    }
  };
}
