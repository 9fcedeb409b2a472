import { createHash } from 'node:crypto';
import type { Middleware } from 'koa';
import { readViews, STYLE_SHEET, type Views } from '../../domain/views/views.ts';
import { type Brand, themeStyle } from './brand.ts';

const PREFIX = '/assets/';

const TYPES = {
  'pratu.css': 'text/css; charset=utf-8',
  'account.css': 'text/css; charset=utf-8',
  'console.css': 'text/css; charset=utf-8',
  'developer.css': 'text/css; charset=utf-8',
  'theme.css': 'text/css; charset=utf-8',
  'custom.css': 'text/css; charset=utf-8',
  'pratu.js': 'text/javascript; charset=utf-8',
  'forward.js': 'text/javascript; charset=utf-8',
  'passkey.js': 'text/javascript; charset=utf-8',
  'picture.js': 'text/javascript; charset=utf-8',
  'fields.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

export type AssetName = keyof typeof TYPES;

/** The style sheets, scripts and icon. The name of each changes with its content. */
export interface Assets {
  /** Whether `pages.folder` has a style sheet. */
  readonly hasCustomStyle: boolean;
  /** The path of an asset, `/assets/<name>.<hash>.<extension>`. */
  url(name: AssetName): string;
  /** The size in bytes of the asset at a path, or 0 if there is none. */
  size(path: string): number;
  /** Serves `/assets/…` and `/favicon.ico`, and passes every other request to the next middleware. */
  serve: Middleware;
}

/** A style sheet without its comments and indentation, which are a quarter of its bytes. */
const compact = (css: string): string => css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\n\s*/g, '\n');

/**
 * A script without its indentation and without lines that are only a comment. The scripts have no multi-line strings.
 */
const compactScript = (script: string): string =>
  script.replace(/^\s+/gm, '').replace(/^(?:\/\/.*|\/\*.*\*\/)\n/gm, '');

/** The name of a file with the hash of its content: `icon.svg` becomes `icon.0a1b2c3d4e5f.svg`. */
const hashedName = (name: string, body: Buffer): string =>
  name.replace('.', `.${createHash('sha256').update(body).digest('hex').slice(0, 12)}.`);

/** Reads the assets once. The configured colour replaces each `currentColor` of the icon. */
export function assets({ pages }: { pages: Brand }, views: Views = readViews()): Assets {
  // the folder can only add its own style sheet: a script from there could read passwords
  const read = (name: string): string => views.original(`assets/${name}`) ?? '';
  const custom = views.replacement(STYLE_SHEET);
  const texts: Record<AssetName, string> = {
    'pratu.css': compact(read('pratu.css')),
    'account.css': compact(read('account.css')),
    'console.css': compact(read('console.css')),
    'developer.css': compact(read('developer.css')),
    'theme.css': themeStyle(pages),
    'custom.css': custom ?? '',
    'pratu.js': compactScript(read('pratu.js')),
    'forward.js': compactScript(read('forward.js')),
    'passkey.js': compactScript(read('passkey.js')),
    'picture.js': compactScript(read('picture.js')),
    'fields.js': compactScript(read('fields.js')),
    'icon.svg': read('icon.svg').replaceAll('currentColor', pages.accentColour),
  };
  const entries = Object.fromEntries(
    (Object.keys(TYPES) as AssetName[]).map((name) => {
      const body = Buffer.from(texts[name]);
      return [name, { body, type: TYPES[name], path: PREFIX + hashedName(name, body) }];
    }),
  ) as Record<AssetName, { body: Buffer; type: string; path: string }>;
  const byPath = new Map(Object.values(entries).map((entry) => [entry.path, entry]));

  return {
    hasCustomStyle: custom !== undefined,
    url: (name) => entries[name].path,
    size: (path) => byPath.get(path)?.body.length ?? 0,
    async serve(ctx, next) {
      const isFavicon = ctx.path === '/favicon.ico';
      if (!isFavicon && !ctx.path.startsWith(PREFIX)) return next();
      const entry = isFavicon ? entries['icon.svg'] : byPath.get(ctx.path);
      ctx.set('X-Content-Type-Options', 'nosniff');
      if (!entry) {
        ctx.status = 404;
      } else if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
        ctx.status = 405;
        ctx.set('Allow', 'GET, HEAD');
      } else {
        ctx.set('Cache-Control', isFavicon ? 'public, max-age=86400' : 'public, max-age=31536000, immutable');
        ctx.type = entry.type;
        ctx.body = entry.body;
      }
    },
  };
}
