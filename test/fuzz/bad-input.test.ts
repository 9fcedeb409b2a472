import { expect } from 'chai';
import { type FreshServer, freshServer } from '../concurrency/fresh-server.ts';
import { type Route, routes } from './routes.ts';
import { BAD_BODIES, BAD_HEADERS, badParameters } from './values.ts';

const SLOWEST_MS = 1000;
const AT_ONCE = 4;

describe('bad input', () => {
  let server: FreshServer;

  before(async () => {
    server = await freshServer();
  });

  afterEach(async () => {
    expect((await fetch(`${server.url}/live`)).status).to.equal(200);
  });

  after(() => server.leave());

  /**
   * Sends a request. Returns what is wrong with the response, if anything. A slow request is sent three times: bad
   * input is slow each time, a busy machine is not.
   */
  async function complaint(path: string, init: RequestInit, time = 1): Promise<string | undefined> {
    const started = performance.now();
    const answer = await fetch(`${server.url}${path}`, { ...init, redirect: 'manual' });
    await answer.arrayBuffer();
    const took = performance.now() - started;
    if (answer.status < 500 && took < SLOWEST_MS) return undefined;
    if (answer.status < 500 && time < 3) return complaint(path, init, time + 1);
    const what = `${init.method ?? 'GET'} ${path} ${String(init.body ?? JSON.stringify(init.headers))}`;
    return `${answer.status} in ${Math.round(took)} ms: ${what.slice(0, 120)}`;
  }

  async function complaints(requests: [path: string, init: RequestInit][]): Promise<string[]> {
    const found: (string | undefined)[] = [];
    for (let at = 0; at < requests.length; at += AT_ONCE) {
      const some = requests.slice(at, at + AT_ONCE);
      found.push(...(await Promise.all(some.map(([path, init]) => complaint(path, init)))));
    }
    return found.filter((each) => each !== undefined).slice(0, 10);
  }

  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

  const withParameters = ({ method, path, headers }: Route, encoded: string): [string, RequestInit] =>
    method === 'GET'
      ? [`${path}?${encoded}`, { headers: { accept: 'text/html', ...headers } }]
      : [path, { method, body: encoded, headers: { ...FORM, ...headers } }];

  const byPath = Map.groupBy(routes(), ({ method, path }) => `${method} ${path.replace(/a{43}/, ':id')}`);

  for (const [name, some] of byPath) {
    it(`in parameters of ${name} is no more than refused`, async () => {
      const requests = some.flatMap((route) =>
        [...badParameters(route.parameters)].map((encoded) => withParameters(route, encoded)),
      );
      expect(await complaints(requests)).to.deep.equal([]);
    });
  }

  it('in bodies is no more than refused', async () => {
    const requests = [...byPath.values()].flatMap(([route]) =>
      BAD_BODIES.flatMap(({ type, body }): [string, RequestInit][] =>
        route
          ? ['POST', 'PUT', 'DELETE'].map((method) => [
              route.path,
              { method, body, headers: { 'content-type': type } },
            ])
          : [],
      ),
    );
    expect(await complaints(requests)).to.deep.equal([]);
  });

  it('in headers is no more than refused', async () => {
    const requests = routes().flatMap((route) =>
      BAD_HEADERS.map((headers) =>
        withParameters({ ...route, headers }, new URLSearchParams(route.parameters).toString()),
      ),
    );
    expect(await complaints(requests)).to.deep.equal([]);
  });

  it('in paths is no more than refused', async () => {
    const paths = [
      '/%00',
      '/%',
      '/%ED%A0%80',
      '/oauth/register/%00',
      '/oauth/register/__proto__',
      '/oauth/authorize/%2e%2e',
      '/interaction/%00/login',
      '/interaction/__proto__',
      `/interaction/${'a'.repeat(10_000)}`,
      '/device/%ff',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/assets/%00',
      '//example.com/oauth/authorize',
    ];
    const requests = paths.flatMap((path) =>
      ['GET', 'POST', 'OPTIONS', 'HEAD'].map((method): [string, RequestInit] => [path, { method }]),
    );
    expect(await complaints(requests)).to.deep.equal([]);
  });
});
