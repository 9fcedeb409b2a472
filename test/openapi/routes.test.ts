import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { DISCOVERY, routes } from '../../src/oidc/configuration/routes.ts';
import { METHODS, operations } from '../support/openapi.ts';
import { type TestServer, testServer } from '../support/server.ts';

const SOURCE = new URL('../../src/', import.meta.url);

/** `/interaction/:uid/` as the documents write it: `/interaction/{uid}`. */
const documented = (pattern: string): string => pattern.replaceAll(/:(\w+)/g, '{$1}').replace(/(.)\/$/, '$1');

/** The routes that a file gives to a router, with the router's prefix: `GET /interaction/{uid}`. */
function routesIn(file: string): string[] {
  const text = readFileSync(new URL(file, SOURCE), 'utf8');
  const prefix = /new Router\(\{ prefix: '([^']+)' \}\)/.exec(text)?.[1] ?? '';
  return [...text.matchAll(/router\.(get|post|put|delete|patch)\(\s*'([^']+)'/g)].map(
    ([, method = '', path = '']) => `${method.toUpperCase()} ${documented(prefix + path)}`,
  );
}

const filesOf = (folder: string): string[] =>
  readdirSync(new URL(folder, SOURCE))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}${name}`);

const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

/** Whether a path and method lead anywhere: what leads nowhere is 404 `not_found`, a known path 405. */
async function isServed(server: TestServer, method: string, path: string): Promise<boolean> {
  const answer = await fetch(`${server.url}${path.replaceAll(/\{\w+\}/g, 'unknown')}`, {
    method,
    headers: { accept: 'application/json' },
    redirect: 'manual',
  });
  if (answer.status === 405) return false;
  if (answer.status !== 404) return true;
  const { error } = (await answer.json()) as { error: string };
  return error !== 'not_found';
}

describe('the routes', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  it('of the program are all documented', () => {
    const own = [...filesOf('pages/'), ...filesOf('http/')].flatMap(routesIn);
    expect(own).to.include.members(['GET /', 'GET /interaction/{uid}', 'GET /live']);
    expect(own.filter((route) => !described.includes(route))).to.deep.equal([]);
  });

  it('of the protocol are all documented', () => {
    const paths = operations.map(({ path }) => path);
    expect(paths).to.include.members([...Object.values(routes), ...DISCOVERY]);
  });

  it('that are documented are served, and with no other method', async () => {
    // named by their content, so that no made-up name is served: assets.test.ts has them
    const paths = [...new Set(operations.map(({ path }) => path))].filter(
      (path) => path !== '/assets/{name}',
    );
    for (const path of paths) {
      const served: string[] = [];
      for (const method of METHODS) {
        if (await isServed(server, method.toUpperCase(), path)) served.push(method);
      }
      const expected = operations.filter((operation) => operation.path === path).map(({ method }) => method);
      expect(served, path).to.deep.equal(expected);
    }
  });
});
