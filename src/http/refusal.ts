import type { Context } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { Violations } from '../errors/violations.ts';

/** The reason for the refusal of a request: for the operator's log, never for the response. */
export interface Refusal {
  /** A code of the catalogue, or an OAuth error. */
  error: string;
  /** Details that are not in the response. They contain no input. */
  reason?: string | undefined;
}

const LONGEST = 200;

/**
 * Records the reason for a refusal, for the access log. The first record is kept, because it is closest to the cause.
 */
export function noteRefusal(ctx: Context, { error, reason }: Refusal): void {
  ctx.state.refusal ??= { error, reason: reason?.slice(0, LONGEST) } satisfies Refusal;
}

/** Records the refusal for a thrown error. Ignores failures of the server, which have their own log line. */
export function noteError(ctx: Context, error: unknown): void {
  if (error instanceof Violations) {
    noteRefusal(ctx, {
      error: error.code,
      reason: error.list.map(({ field, code }) => `${field}: ${code}`).join(', '),
    });
  } else if (error instanceof AppError) {
    const limit = error.lock && `limit ${error.lock.limit}`;
    noteRefusal(ctx, { error: error.code, reason: error.reason ?? limit ?? error.field });
  }
}

export const refusalOf = (ctx: Context): Refusal | undefined => ctx.state.refusal;
