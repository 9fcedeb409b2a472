import type { Context } from 'koa';
import { pageHeaders } from '../http/security-headers.ts';
import { chooseLocale, isLocale, type Locale } from './locale.ts';
import type { PageData, PageName } from './page-data.ts';
import type { PageRenderer } from './render.ts';

export interface ShowOptions {
  status?: number;
  /** `ui_locales` of the authorization request that the page is part of. */
  uiLocales?: string | undefined;
  /** The address of the page by GET, where its language is changed; the present one unless told. */
  address?: string;
}

/** Answers with a page, in the language of its reader. */
export type Show = <Page extends PageName>(
  ctx: Context,
  page: Page,
  data: PageData[Page],
  options?: ShowOptions,
) => void;

const COOKIE = 'lang';
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** What the person just chose, now or before with the cookie. */
function chosen(ctx: Context): { now: Locale | undefined; before: string | undefined } {
  const wish = ctx.query.lang;
  return { now: isLocale(wish) ? wish : undefined, before: ctx.cookies.get(COOKIE, { signed: false }) };
}

function localeOf(ctx: Context, uiLocales: string | undefined): Locale {
  const { now, before } = chosen(ctx);
  if (now) {
    ctx.cookies.set(COOKIE, now, {
      httpOnly: true,
      sameSite: 'lax',
      secure: ctx.secure,
      signed: false,
      maxAge: YEAR_MS,
    });
    return now;
  }
  return chooseLocale({ uiLocales, cookie: before, acceptLanguage: ctx.get('Accept-Language') });
}

function linkTo(ctx: Context, address: string | undefined, lang: Locale): string {
  const url = new URL(address ?? `${ctx.path}${ctx.search}`, 'http://page');
  url.searchParams.set('lang', lang);
  return `${url.pathname}${url.search}`;
}

export const show =
  (renderer: PageRenderer): Show =>
  (ctx, page, data, { status = ctx.status === 404 ? 200 : ctx.status, uiLocales, address } = {}) => {
    pageHeaders(ctx);
    const query = ctx.query.ui_locales;
    const locale = localeOf(ctx, uiLocales ?? (typeof query === 'string' ? query : undefined));
    const languageLinks = { th: linkTo(ctx, address, 'th'), en: linkTo(ctx, address, 'en') };
    ctx.status = status;
    ctx.type = 'html';
    ctx.body = renderer.render(page, locale, data, { languageLinks });
  };
