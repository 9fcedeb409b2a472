import type { Context } from 'koa';
import { chooseLocale, clientLocale, isLocale, LOCALES, type Locale } from '../../domain/values/locale.ts';
import { allowSources, pageHeaders } from '../../http/security-headers.ts';
import { YEAR_SECONDS } from '../../lib/durations.ts';
import type { OpenForm } from '../page-data/form.ts';
import type { PageData, PageName } from '../page-data/page-data.ts';
import { BOT_CHECK_SOURCES } from './bot-check.ts';
import type { PageRenderer } from './render.ts';

export interface ShowOptions {
  status?: number;
  /** `ui_locales` of the authorization request that the page is part of. */
  uiLocales?: string | undefined;
  /** The address of the page by GET, where its language can be changed. Defaults to the current address. */
  address?: string;
}

/** Responds with a page in the language of its reader. */
export type Show = <Page extends PageName>(
  ctx: Context,
  page: Page,
  data: PageData[Page],
  options?: ShowOptions,
) => void;

const YEAR_MS = YEAR_SECONDS * 1000;

// with `__Host-`, no other host of the domain can set the cookie
const cookieName = (ctx: Context): string => (ctx.secure ? '__Host-lang' : 'lang');

/** The languages of the pages for this request. */
export const localesOf = (ctx: Context): readonly Locale[] => ctx.state.locales ?? LOCALES;

/**
 * The language of the page. A choice other than the client's `ui_locales` is stored as `en.th`, "English where Thai
 * is requested", until the browser is closed. Without it, the next step would be in the client's language again.
 */
export function pageLocale(ctx: Context, uiLocales: string | undefined): Locale {
  const { lang } = ctx.query;
  const locales = localesOf(ctx);
  const asked = clientLocale(uiLocales, locales);
  if (isLocale(lang, locales)) {
    ctx.cookies.set(cookieName(ctx), asked ? `${lang}.${asked}` : lang, {
      httpOnly: true,
      sameSite: 'lax',
      secure: ctx.secure,
      signed: false,
      ...(asked ? {} : { maxAge: YEAR_MS }),
    });
    return lang;
  }
  const [cookie, insteadOf] = ctx.cookies.get(cookieName(ctx), { signed: false })?.split('.') ?? [];
  if (asked !== undefined && insteadOf === asked && isLocale(cookie, locales)) return cookie;
  return chooseLocale({ uiLocales, cookie, acceptLanguage: ctx.get('Accept-Language') }, locales);
}

function linkTo(ctx: Context, address: string | undefined, lang: Locale): string {
  // the host is a prefix and not the base, because a path may begin with two slashes
  const url = new URL(`http://page${address ?? `${ctx.path}${ctx.search}`}`);
  url.searchParams.set('lang', lang);
  return `${url.pathname}${url.search}`;
}

export const show =
  (renderer: PageRenderer): Show =>
  (ctx, page, data, { status = ctx.status === 404 ? 200 : ctx.status, uiLocales, address } = {}) => {
    pageHeaders(ctx);
    const { botCheck } = data as OpenForm;
    if (botCheck) allowSources(ctx, BOT_CHECK_SOURCES[botCheck.provider]);
    const query = ctx.query.ui_locales;
    const locale = pageLocale(
      ctx,
      uiLocales ?? ctx.state.uiLocales ?? (typeof query === 'string' ? query : undefined),
    );
    const languageLinks = Object.fromEntries(
      renderer.locales.map((lang) => [lang, linkTo(ctx, address, lang)]),
    ) as Record<Locale, string>;
    ctx.status = status;
    ctx.type = 'html';
    ctx.body = renderer.render(page, locale, data, { languageLinks });
  };
