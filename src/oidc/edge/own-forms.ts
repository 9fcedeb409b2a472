import type { Middleware } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import type { sameOrigin } from '../../http/same-origin.ts';
import { LOGOUT_CONFIRMED, routes } from './routes.ts';

/** The targets of the library's own forms; all its other endpoints also serve other parties. */
const TARGETS: readonly string[] = [routes.code_verification, LOGOUT_CONFIRMED];

/**
 * Refuses a form of the library's pages that another site has submitted (`FORM_NOT_OURS`; `BAD_REQUEST` for a logout):
 * the library checks only the token in the form.
 */
export function ownForms(isSameOrigin: ReturnType<typeof sameOrigin>): Middleware {
  return (ctx, next) => {
    if (ctx.method === 'POST' && TARGETS.includes(ctx.path) && !isSameOrigin(ctx)) {
      // the same response as that of the library to a form without its token
      throw new AppError(ctx.path === LOGOUT_CONFIRMED ? 'BAD_REQUEST' : 'FORM_NOT_OURS');
    }
    return next();
  };
}
