import { request } from 'node:http';
import { expect } from 'chai';
import { checkAnswer } from '../../support/openapi.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const PATHS = ['/oauth/jwks', '/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
/** The origin of a client of the demonstration data. */
const ORIGIN = 'http://localhost:8080';
/** Headers that differ from request to request. */
const OWN = ['x-request-id', 'date', 'connection', 'keep-alive'];

describe('keys and metadata as prepared bytes', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
    fetch(server.url + path, { method, headers });
  const check = async (path: string, answer: Response): Promise<void> =>
    checkAnswer(`GET ${path}`, answer.status, answer.headers, await answer.text());
  const headersOf = ({ headers }: Response): [string, string][] =>
    [...headers].filter(([name]) => !OWN.includes(name));

  for (const path of PATHS) {
    it(`are sent like the first answer at ${path}`, async () => {
      // the first request to this server: the library makes the response
      const first = await get(path, { origin: ORIGIN });
      const later = await get(path, { origin: ORIGIN });
      expect(headersOf(later)).to.deep.equal(headersOf(first));
      expect(later.headers.get('access-control-allow-origin')).to.equal(ORIGIN);
      expect(later.headers.get('cache-control')).to.equal('public, max-age=300');
      expect(later.headers.get('x-request-id')).to.not.equal(first.headers.get('x-request-id'));
      const text = await first.text();
      expect(await later.text()).to.equal(text);
      expect(Number(later.headers.get('content-length'))).to.equal(Buffer.byteLength(text));
      expect((await get(path)).headers.has('access-control-allow-origin')).to.equal(false);
      await check(path, await get(path));
    });

    it(`have the headers of every answer at ${path}`, async () => {
      await get(path);
      // with a query, a request passes through all of the middleware
      for (const headers of [{}, { 'if-none-match': '*' }] as Record<string, string>[])
        for (const method of ['GET', 'HEAD']) {
          const [direct, passed] = [await get(path, headers, method), await get(`${path}?`, headers, method)];
          expect(direct.status).to.equal(passed.status);
          expect(headersOf(direct)).to.deep.equal(headersOf(passed));
          expect(direct.headers.get('x-request-id')).to.match(/^[0-9a-f]{32}$/);
          expect(await direct.text()).to.equal(await passed.text());
        }
    });

    it(`are not sent again to clients that have them: ${path}`, async () => {
      const etag = (await get(path)).headers.get('etag') ?? '';
      expect(etag).to.match(/^"[\w-]{43}"$/);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const answer = await get(path, { 'if-none-match': known });
        expect(answer.status, known).to.equal(304);
        expect(await answer.text()).to.equal('');
        expect(answer.headers.get('etag')).to.equal(etag);
        expect(answer.headers.get('cache-control')).to.equal('public, max-age=300');
        expect(answer.headers.get('vary')).to.match(/\bOrigin\b/);
        expect(answer.headers.has('content-type')).to.equal(false);
      }
      await check(path, await get(path, { 'if-none-match': etag }));
      expect((await get(path, { 'if-none-match': '"other"' })).status).to.equal(200);
    });

    it(`answer HEAD at ${path}`, async () => {
      const [head, full] = [await get(path, {}, 'HEAD'), await get(path)];
      expect(headersOf(head)).to.deep.equal(headersOf(full));
      expect(await head.text()).to.equal('');
    });

    it(`refuse other methods and hosts at ${path}`, async () => {
      const posted = await get(path, {}, 'POST');
      expect(posted.status).to.equal(405);
      expect(posted.headers.get('allow')).to.equal('GET, HEAD');
      const elsewhere = await new Promise<number | undefined>((resolve, reject) => {
        const { port } = new URL(server.url);
        const sent = request({ port, host: '127.0.0.1', path, headers: { host: 'evil.example' } }, (answer) =>
          resolve(answer.resume().statusCode),
        );
        sent.once('error', reject).end();
      });
      expect(elsewhere).to.equal(421);
    });
  }

  it('are counted with their routes', async () => {
    await get('/oauth/jwks');
    const text = await server.metrics.registry.metrics();
    for (const path of PATHS)
      expect(text).to.match(new RegExp(`requests_total\\{method="GET",route="${path}",status="200"\\} \\d`));
    expect(text).to.match(/requests_total\{method="GET",route="\/oauth\/jwks",status="304"\} \d/);
  });

  it('change at once when keys rotate', async () => {
    const etag = (await get('/oauth/jwks')).headers.get('etag') ?? '';
    await server.domain.signingKeys.rotate(0);
    await server.jobs.watching.runNow();
    const answer = await get('/oauth/jwks', { 'if-none-match': etag });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('etag')).to.not.equal(etag);
    const published = ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    const listed = await server.domain.signingKeys.list();
    expect(published).to.have.members(listed.map(({ kid }) => kid));
  });
});
