import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { DISCOVERY, routes } from '../../src/oidc/edge/routes.ts';
import * as paths from '../../src/pages/kit/paths.ts';
import { METHODS, operations } from '../support/openapi.ts';
import { startServer, type TestServer } from '../support/server.ts';

const SOURCE = new URL('../../src/', import.meta.url);

/** `/interaction/:uid/` as the documents write it: `/interaction/{uid}`. */
const documented = (pattern: string): string => pattern.replaceAll(/:(\w+)/g, '{$1}').replace(/(.)\/$/, '$1');

/** The tables of paths, by the name of each: `SIGN_IN_PATHS.login`. */
const TABLES = new Map(
  Object.entries(paths).flatMap(([name, table]): [string, string][] => {
    if (typeof table === 'function') return [];
    if (typeof table === 'string') return [[name, table]];
    return Object.entries(table).map(([key, path]) => [`${name}.${key}`, path]);
  }),
);

/** The path in a file, which is a string, a local constant or a name in a table. */
function pathWritten(text: string, written: string): string | undefined {
  if (written.startsWith("'")) return written.slice(1, -1);
  const [name = '', ...key] = written.split('.');
  const imported = new RegExp(`\\b(\\w+) as ${name}\\b`).exec(text)?.[1] ?? name;
  const own = new RegExp(`const ${name} = '([^']+)'`).exec(text)?.[1];
  return own ?? TABLES.get([imported, ...key].join('.'));
}

/**
 * The routes that a file adds to a router, with the router's prefix, and its form pages: `GET /interaction/{uid}`. A
 * path that the file receives as a parameter is in a table. Those are checked as a whole.
 */
function routesIn(file: string): string[] {
  const text = readFileSync(new URL(file, SOURCE), 'utf8');
  const prefix = /new Router\(\{ prefix: '([^']+)' \}\)/.exec(text)?.[1] ?? '';
  const routes = [...text.matchAll(/router\.(get|post|put|delete|patch)\(\s*('[^']+'|[\w.]+)/g)];
  const pages = [...text.matchAll(/addFormPage<[^(]*\(router, \{\s+path: ('[^']+'|[\w.]+)/g)];
  return [
    ...routes.map(([, method = '', path = '']) => [method, path] as const),
    ...pages.flatMap(([, path = '']) => [['get', path] as const, ['post', path] as const]),
  ].flatMap(([method, written]) => {
    const path = pathWritten(text, written);
    return path === undefined ? [] : [`${method.toUpperCase()} ${documented(prefix + path)}`];
  });
}

/** The operations in a file of an API. */
const operationsIn = (file: string): string[] =>
  [...readFileSync(new URL(file, SOURCE), 'utf8').matchAll(/method: '(\w+)',\s+path: '([^']+)'/g)].map(
    ([, method = '', path = '']) => `${method.toUpperCase()} ${documented(path)}`,
  );

/** The folders of the foreign APIs. */
const APIS = readdirSync(new URL('apis/', SOURCE), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Paths that respond only with these parameters or this query. */
const THERE: Readonly<Record<string, string>> = {
  '/public/titles/{id}': '/public/titles/1',
  '/openapi/{file}': '/openapi/customers.json',
  '/dev/gallery/{group}/{entry}': '/dev/gallery/sign-in/login',
  '/dev/gallery/{group}/{entry}/{state}': '/dev/gallery/sign-in/login/1',
  '/verify-email/done': '/verify-email/done?outcome=verified',
  '/confirm-email/done': '/confirm-email/done?outcome=changed',
  '/undo-email/done': '/undo-email/done?outcome=undone',
};
/** Paths with names made from the content, so that no name is known in advance. The tests of those pages cover them. */
const BY_CONTENT = ['/assets/{name}', '/docs/assets/{file}', '/logos/{name}', '/pictures/{id}'];

const filesOf = (folder: string): string[] =>
  readdirSync(new URL(folder, SOURCE), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}${name}`);

const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

/** Whether a path and method are served. An unknown path is 404 `not_found`, an unknown method of a known path 405. */
async function isServed(server: TestServer, method: string, path: string): Promise<boolean> {
  const there = THERE[path] ?? path.replaceAll(/\{\w+\}/g, 'unknown');
  const answer = await fetch(server.url + there, {
    method,
    headers: { accept: 'application/json' },
    redirect: 'manual',
  });
  if (answer.status === 405) return false;
  if (answer.status !== 404) return true;
  const { error } = (await answer.json()) as { error: string };
  return error !== 'not_found';
}

/** Whether a path without parameters also matches a pattern in the same API. */
const isInstance = (path: string, pattern: string): boolean =>
  !path.includes('{') &&
  path.startsWith('/admin/') &&
  new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);

describe('the routes', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({
      ciba: { enabled: true },
      securityTxt: { contacts: ['mailto:security@example.com'], expires: '2100-01-01T00:00:00Z' },
    });
  });

  it('of the program are all documented', () => {
    const own = [...filesOf('pages/'), ...filesOf('http/')].flatMap(routesIn);
    expect(own).to.include.members(['GET /', 'GET /interaction/{uid}', 'GET /live', 'POST /activate']);
    const tabled = [...TABLES.values()].map(documented);
    expect(operations.map(({ path }) => path)).to.include.members(tabled);
    const apis = APIS.flatMap((name) => filesOf(`apis/${name}/`)).flatMap(operationsIn);
    expect(apis).to.include.members([
      'POST /customers/register',
      'GET /public/titles/{id}',
      'PUT /accounts/{id}/bindings/{provider}',
    ]);
    expect([...own, ...apis].filter((route) => !described.includes(route))).to.deep.equal([]);
  });

  it('of the protocol are all documented', () => {
    const paths = operations.map(({ path }) => path);
    expect(paths).to.include.members([...Object.values(routes), ...DISCOVERY]);
  });

  it('that are documented are served, and with no other method', async () => {
    const paths = [...new Set(operations.map(({ path }) => path))].filter(
      (path) => !BY_CONTENT.includes(path),
    );
    for (const path of paths) {
      const served: string[] = [];
      for (const method of METHODS) {
        if (await isServed(server, method.toUpperCase(), path)) served.push(method);
      }
      // `/accounts/search` also matches `/accounts/{id}`, of an account that does not exist
      const matching = operations.filter(
        (operation) => operation.path === path || isInstance(path, operation.path),
      );
      const expected = METHODS.filter((method) => matching.some((operation) => operation.method === method));
      expect(served, path).to.deep.equal(expected);
    }
  });
});
