import type { Context } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';

/**
 * The identifier of the browser. A browser that submits a form received it when the form was shown. Throws
 * `FORM_NOT_OURS` if the browser has none.
 */
export function browserOf(guard: Pick<FormGuard, 'browser'>, ctx: Context): string {
  const browser = guard.browser(ctx);
  if (browser === undefined) throw new AppError('FORM_NOT_OURS');
  return browser;
}
