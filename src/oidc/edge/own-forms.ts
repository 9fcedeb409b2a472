import type { Middleware } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import type { sameOrigin } from '../../http/same-origin.ts';
import { LOGOUT_CONFIRMED, routes } from './routes.ts';

/** Where the library's own forms go; every other endpoint of its is for other parties as well. */
const TARGETS: readonly string[] = [routes.code_verification, LOGOUT_CONFIRMED];

/**
 * Refuses a form of the library's pages that another site has sent (`FORM_NOT_OURS`; `BAD_REQUEST` for a logout):
 * the library checks the token in it only.
 */
export function ownForms(isSameOrigin: ReturnType<typeof sameOrigin>): Middleware {
  return (ctx, next) => {
    if (ctx.method === 'POST' && TARGETS.includes(ctx.path) && !isSameOrigin(ctx)) {
      // as the library answers a form without its token
      throw new AppError(ctx.path === LOGOUT_CONFIRMED ? 'BAD_REQUEST' : 'FORM_NOT_OURS');
    }
    return next();
  };
}
