import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import Router from '@koa/router';
import ejs from 'ejs';
import type { Context, Middleware } from 'koa';
import { parse } from 'yaml';
import { pageHeaders } from '../../http/security-headers.ts';
import { lazy } from '../../lib/lazy.ts';

const DOCUMENTS = new URL('../../../openapi/', import.meta.url);
const VIEW = new URL('../../../views/reference/', import.meta.url);
const VIEWER = new URL('./', import.meta.resolve('swagger-ui-dist/package.json'));

const ASSETS = {
  'swagger-ui-bundle.js': { folder: VIEWER, type: 'text/javascript; charset=utf-8' },
  'swagger-ui.css': { folder: VIEWER, type: 'text/css; charset=utf-8' },
  'reference.js': { folder: VIEW, type: 'text/javascript; charset=utf-8' },
  'reference.css': { folder: VIEW, type: 'text/css; charset=utf-8' },
} as const;

interface OpenApiDocument {
  name: string;
  title: string;
  /** The path at which the document is served. */
  path: string;
  json: string;
}

/** Sorts the documents of `/docs`: first those for clients, and last the one for operators. */
const byReaders = (one: string, other: string): number =>
  Number(one === 'admin') - Number(other === 'admin') || (one < other ? -1 : 1);

/** All documents of the folder by name, with this server's address. */
function readDocuments(folder: URL, issuer: string): Map<string, OpenApiDocument> {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length));
  return new Map(
    names.sort(byReaders).map((name) => {
      const document = parse(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'));
      const json = JSON.stringify({ ...document, servers: [{ url: issuer }] });
      return [name, { name, title: String(document.info.title), path: `/openapi/${name}.json`, json }];
    }),
  );
}

interface Asset {
  path: string;
  type: string;
  body: Buffer;
}

/** The viewer's files. The path of each changes with its content. */
function readAssets(): Map<string, Asset> {
  return new Map(
    Object.entries(ASSETS).map(([name, { folder, type }]) => {
      const body = readFileSync(new URL(name, folder));
      const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
      return [name, { path: `/docs/assets/${name.replace('.', `.${hash}.`)}`, type, body }];
    }),
  );
}

interface ReferenceDeps {
  issuer: string;
  /** The folder of the documents, in YAML. Defaults to `openapi/`. */
  folder?: URL;
}

/**
 * `/docs` shows the OpenAPI documents to people, one at a time (`?api=`). `/openapi/<name>.json` serves them to
 * programs. All files are read on the first request for them. The page loads resources only from this server, under
 * the same policy as every page.
 */
export function referencePages({ issuer, folder = DOCUMENTS }: ReferenceDeps): Middleware {
  const documents = lazy(() => readDocuments(folder, issuer));
  const assets = lazy(readAssets);
  const asset = (name: keyof typeof ASSETS): string | undefined => assets().get(name)?.path;
  const page = lazy(() =>
    ejs.compile(readFileSync(new URL('page.ejs', VIEW), 'utf8'), {
      strict: true,
      destructuredLocals: ['documents', 'current', 'asset'],
    }),
  );

  const router = new Router({ strict: true, sensitive: true });
  router.get('/docs', (ctx: Context) => {
    const { api } = ctx.query;
    const [first] = documents().values();
    const current = api === undefined ? first : documents().get(String(api));
    if (!current) return;
    pageHeaders(ctx);
    ctx.type = 'html';
    ctx.body = page()({ documents: [...documents().values()], current, asset });
  });
  router.get('/docs/assets/:file', (ctx: Context) => {
    const found = [...assets().values()].find(({ path }) => path === ctx.path);
    if (!found) return;
    ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
    ctx.type = found.type;
    ctx.body = found.body;
  });
  router.get('/openapi/:file', (ctx: Context) => {
    const found = [...documents().values()].find(({ path }) => path === ctx.path);
    if (!found) return;
    ctx.set('Cache-Control', 'public, max-age=300');
    ctx.type = 'json';
    ctx.body = found.json;
  });
  return router.routes() as unknown as Middleware;
}
