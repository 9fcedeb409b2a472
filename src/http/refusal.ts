import type { Context } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { Violations } from '../errors/violations.ts';

/** Why a request was refused: for the operator's log, never for the answer. */
export interface Refusal {
  /** A code of the catalogue, or an OAuth error. */
  error: string;
  /** Details that are not in the response; free of input. */
  reason?: string | undefined;
}

const LONGEST = 200;

/** Notes for the access log why the request is refused. The first note stays: it is nearest to the cause. */
export function noteRefusal(ctx: Context, { error, reason }: Refusal): void {
  ctx.state.refusal ??= { error, reason: reason?.slice(0, LONGEST) } satisfies Refusal;
}

/** The same for whatever was thrown; nothing for what is a failure of ours and has its own line. */
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
