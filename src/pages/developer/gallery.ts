import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { isLocale } from '../../domain/values/locale.ts';
import { AppError } from '../../errors/app-error.ts';
import { framedPageHeaders, framingPageHeaders } from '../../http/security-headers.ts';
import { localesOf, type Show } from '../kit/show.ts';
import type { GalleryData } from '../page-data/gallery-data.ts';
import type { Entry } from './gallery-entries.ts';

const PATH = '/dev/gallery';
/** The widths of a phone and a desktop, in pixels. */
const WIDTHS = [360, 1280];
const SCHEMES = ['light', 'dark'] as const;

interface GalleryDeps {
  entries: () => Promise<readonly Entry[]>;
  show: Show;
}

/** Groups the entries by the first part of the name: the folder of a page, `mails` or `sms`. */
function groupsOf(entries: readonly Entry[]): GalleryData['groups'] {
  const groups = Map.groupBy(entries, ({ name }) => name.split('/')[0] ?? '');
  return [...groups].map(([name, members]) => ({
    name,
    entries: members.map((entry) => ({
      name: entry.name,
      address: `${PATH}/${entry.name}`,
      states: entry.states.length,
    })),
  }));
}

const widthOf = (ctx: Context): number => {
  const width = Number(ctx.query.width ?? WIDTHS[0]);
  if (!WIDTHS.includes(width)) throw new AppError('BAD_REQUEST', { field: 'width' });
  return width;
};

/**
 * `/dev/gallery`: all pages and messages, rendered from sample data, in each language, width and colour scheme. For
 * development only. It contains no data of real accounts, and this page may frame its documents.
 */
export function galleryPages({ entries, show }: GalleryDeps): Middleware {
  const router = new Router({ strict: true, sensitive: true });

  async function entryOf(ctx: Context): Promise<Entry> {
    const name = `${ctx.params.group}/${ctx.params.entry}`;
    const entry = (await entries()).find((one) => one.name === name);
    if (!entry) throw new AppError('NOT_FOUND');
    return entry;
  }

  router.get('/dev/gallery', async (ctx) =>
    show(ctx, 'developer/gallery', { groups: groupsOf(await entries()) }),
  );

  router.get('/dev/gallery/:group/:entry', async (ctx) => {
    const { name, states } = await entryOf(ctx);
    const width = widthOf(ctx);
    show(ctx, 'developer/gallery-entry', {
      name,
      width,
      widths: WIDTHS.map((one) => ({ width: one, address: `?width=${one}` })),
      states: states.map((_, index) => ({
        number: index + 1,
        frames: localesOf(ctx).flatMap((locale) =>
          SCHEMES.map((scheme) => ({
            address: `${PATH}/${name}/${index + 1}?lang=${locale}`,
            locale,
            scheme,
          })),
        ),
      })),
    });
    framingPageHeaders(ctx);
  });

  router.get('/dev/gallery/:group/:entry/:state', async (ctx) => {
    const draw = (await entryOf(ctx)).states[Number(ctx.params.state) - 1];
    if (!draw) throw new AppError('NOT_FOUND');
    const { lang } = ctx.query;
    ctx.body = draw(isLocale(lang, localesOf(ctx)) ? lang : 'th');
    ctx.type = 'html';
    framedPageHeaders(ctx, { inlineStyles: ctx.params.group === 'mails' });
  });

  return router.routes() as unknown as Middleware;
}
