import type { Context } from 'koa';
/** Returns the language of a response according to `Accept-Language`: Thai unless English is preferred. */
export const requestLocale = (ctx: Context): 'th' | 'en' =>
  ctx.acceptsLanguages('th', 'en') === 'en' ? 'en' : 'th';
