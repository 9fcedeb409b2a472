import type { Context } from 'koa';
/** The language of an answer, by `Accept-Language`: Thai unless English is preferred. */
export const requestLocale = (ctx: Context): 'th' | 'en' =>
  ctx.acceptsLanguages('th', 'en') === 'en' ? 'en' : 'th';
