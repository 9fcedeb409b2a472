import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import { explainDatabase } from '../db/explain.ts';
import { AppError } from '../errors/app-error.ts';
import { CATALOGUE, type ErrorCode } from '../errors/catalogue.ts';
import { noteError, noteRefusal } from './refusal.ts';
import { methodsInstead, routeOf } from './route.ts';
import { hasUnreadBody } from './unread-body.ts';

/** A failure that is passed to a presenter. `description` is in English; pages select their text by `code`. */
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

/** Writes the body of a failure. Returns the status of the response if it differs from that of the failure. */
export type PresentFailure = (
  ctx: Context,
  failure: PresentedFailure,
) => undefined | void | number | Promise<void>;

/** The errors for statuses that Koa, the router and raw-body throw or set. */
const BY_STATUS: Record<number, ErrorCode> = {
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  501: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};
/** Refusals that result from the settings. They appear in the access log, and are not logged as failures. */
const SETTLED: ReadonlySet<ErrorCode> = new Set(['SMS_UNAVAILABLE', 'MAIL_UNAVAILABLE']);
const RETRY_SOON_SECONDS = 1;
/** Headers that a handler may have set for a response that it did not send. */
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

/** Converts anything thrown into a failure of the catalogue. An unexpected error becomes `INTERNAL`. */
export function toFailure(error: unknown): PresentedFailure {
  if (error instanceof AppError) {
    // not for a channel that is not configured: it will not be available a second later either
    const soon = error.code === 'UNAVAILABLE' ? RETRY_SOON_SECONDS : undefined;
    return describe(error.code, { retryAfter: error.retryAfter ?? soon, field: error.field });
  }
  const { status, expose } = (error ?? {}) as { status?: unknown; expose?: unknown };
  if (expose !== true || typeof status !== 'number' || status < 400 || status >= 500)
    return describe('INTERNAL');
  return describe(BY_STATUS[status] ?? 'BAD_REQUEST');
}

/** The presenter of protocol endpoints (RFC 6749 §5.2). The name of an invalid field precedes the description. */
export const presentJson: PresentFailure = (ctx, { error, description, field }) => {
  ctx.body = { error, error_description: field ? `${field}: ${description}` : description };
};

/**
 * Converts anything thrown inside into a response of the catalogue, written by the presenter `present`. Does the same
 * for a request that no handler answered, with 405 if its path has routes for other methods. Logs failures of the
 * server (5xx) once, here. A response that has already begun can only be cut off.
 */
export function errorBoundary({ log, present }: { log: Logger; present: PresentFailure }): Middleware {
  const report = (ctx: Context, err: unknown, failure: PresentedFailure) => {
    if (failure.status < 500 || SETTLED.has(failure.code)) return;
    // a cause that an operator can fix is logged as a sentence
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
    if (failure.retryAfter !== undefined) ctx.set('Retry-After', String(failure.retryAfter));
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
      // the access log has the reason and the limit, of which the failure has only the field
      noteError(ctx, error);
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
