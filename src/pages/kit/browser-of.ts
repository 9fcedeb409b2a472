import type { Context } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';

/** A browser that sends our form has been shown it, and got its value then. */
export function browserOf(guard: Pick<FormGuard, 'browser'>, ctx: Context): string {
  const browser = guard.browser(ctx);
  if (browser === undefined) throw new AppError('FORM_NOT_OURS');
  return browser;
}
