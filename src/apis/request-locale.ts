import type { Context } from 'koa';
import type { Locale } from '../domain/values/locale.ts';

/** The language of an answer, by `Accept-Language`: Thai unless English is preferred. */
export const requestLocale = (ctx: Context): Locale =>
  ctx.acceptsLanguages('th', 'en') === 'en' ? 'en' : 'th';
