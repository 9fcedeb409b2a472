import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import Koa from 'koa';
import { errorBoundary, presentJson } from '../../src/http/errors.ts';
import { fixUrls } from '../../src/http/fixed-urls.ts';
import { formGuard } from '../../src/http/form-guard.ts';
import { bodyOf, send, serve, silent, statusOf, stopAll } from './serve.ts';

const ISSUER = 'https://id.example';
const KEY = randomBytes(32);

describe('form guard', () => {
  afterEach(stopAll);

  /** GET shows the token. POST checks the one in the header `Token`. */
  async function start({ keys = [KEY], issuer = ISSUER, development = false } = {}) {
    const guard = formGuard({ keys, issuer, development });
    const app = new Koa();
    fixUrls(app.request, issuer);
    app.use(errorBoundary({ log: silent, present: presentJson })).use((ctx) => {
      if (ctx.method === 'POST') guard.check(ctx, ctx.get('Token') || undefined);
      ctx.body = ctx.method === 'POST' ? 'done' : [guard.token(ctx), guard.token(ctx)];
    });
    const { port } = await serve(app);
    const host = `Host: ${new URL(issuer).host}`;
    return {
      get: (...headers: string[]) => send(port, 'GET / HTTP/1.1', host, ...headers),
      post: async (...headers: string[]) =>
        statusOf(await send(port, 'POST / HTTP/1.1', host, 'Content-Length: 0', ...headers)),
      postTo: async (called: string, ...headers: string[]) =>
        statusOf(await send(port, 'POST / HTTP/1.1', `Host: ${called}`, 'Content-Length: 0', ...headers)),
    };
  }

  const setCookie = (answer: string) => /^set-cookie: (.*)\r$/im.exec(answer)?.[1] ?? '';

  /** The two headers for a form that was shown to a browser. */
  async function shown({ get }: { get(...headers: string[]): Promise<string> }) {
    const answer = await get();
    const [token] = JSON.parse(bodyOf(answer));
    return { cookie: `Cookie: ${setCookie(answer).split(';')[0]}`, token: `Token: ${token}` };
  }

  it('gives a cookie once, and a token for each form', async () => {
    const server = await start();
    const first = await server.get();
    const tokens: string[] = JSON.parse(bodyOf(first));
    expect(first.match(/set-cookie/gi)).to.have.length(1);
    expect(setCookie(first)).to.match(/^__Host-csrf=[\w-]{43}; path=\/; samesite=lax; secure; httponly$/i);
    const cookie = `Cookie: ${setCookie(first).split(';')[0]}`;
    const second = await server.get(cookie);
    tokens.push(...JSON.parse(bodyOf(second)));
    expect(setCookie(second)).to.equal('');
    expect(new Set(tokens).size).to.equal(4);
    for (const token of tokens) expect(await server.post(cookie, `Token: ${token}`)).to.equal(200);
    // the beginning of one token with the end of another
    expect(await server.post(cookie, `Token: ${tokens[0]?.slice(0, 16)}${tokens[1]?.slice(16)}`)).to.equal(
      403,
    );
  });

  it('has a plain cookie without https', async () => {
    const { get } = await start({ issuer: 'http://localhost:3000' });
    expect(setCookie(await get())).to.match(/^csrf=[\w-]{43}; path=\/; samesite=lax; httponly$/i);
  });

  it('replaces a cookie that is none of ours', async () => {
    const { get } = await start();
    expect(setCookie(await get('Cookie: __Host-csrf=x'))).to.match(/^__Host-csrf=[\w-]{43};/);
  });

  for (const [name, headers, status] of [
    ['neither header (an old browser)', [], 200],
    ['same origin', ['Origin: https://id.example', 'Sec-Fetch-Site: same-origin'], 200],
    ['typed in or reloaded', ['Sec-Fetch-Site: none'], 200],
    ['our origin alone', ['Origin: https://id.example'], 200],
    ['a page without referrer', ['Origin: null', 'Sec-Fetch-Site: same-origin'], 200],
    ['a null origin alone', ['Origin: null'], 403],
    ['a null origin elsewhere', ['Origin: null', 'Sec-Fetch-Site: cross-site'], 403],
    ['cross-site', ['Sec-Fetch-Site: cross-site'], 403],
    ['a sibling host', ['Origin: https://other.example', 'Sec-Fetch-Site: same-site'], 403],
    ['a sibling host that only says same-site', ['Sec-Fetch-Site: same-site'], 403],
    ['a foreign origin', ['Origin: https://evil.example'], 403],
    [
      'a foreign origin that claims to be same',
      ['Origin: https://evil.example', 'Sec-Fetch-Site: same-origin'],
      403,
    ],
    ['our origin with a contradiction', ['Origin: https://id.example', 'Sec-Fetch-Site: cross-site'], 403],
    ['our host by http', ['Origin: http://id.example'], 403],
    ['our name within another', ['Origin: https://id.example.evil.example'], 403],
    ['no URL', ['Origin: nonsense'], 403],
    ['loopback in production', ['Origin: http://localhost'], 403],
  ] as const)
    it(`${name}: ${status}`, async () => {
      const server = await start();
      const { cookie, token } = await shown(server);
      expect(await server.post(cookie, token, ...headers)).to.equal(status);
    });

  it('needs cookie and token, and that they fit', async () => {
    const server = await start();
    const mine = await shown(server);
    const other = await shown(server);
    expect(await server.post(mine.cookie)).to.equal(403);
    expect(await server.post(mine.token)).to.equal(403);
    expect(await server.post(mine.cookie, other.token)).to.equal(403);
    expect(await server.post(mine.cookie, `${mine.token}x`)).to.equal(403);
    expect(await server.post(mine.cookie, 'Token: short')).to.equal(403);
    expect(await server.post('Cookie: __Host-csrf=', 'Token: x')).to.equal(403);
    expect(await server.post(mine.cookie, mine.token)).to.equal(200);
  });

  it('accepts the tokens of every key, and no others', async () => {
    const { cookie, token } = await shown(await start());
    expect(await (await start({ keys: [randomBytes(32), KEY] })).post(cookie, token)).to.equal(200);
    expect(await (await start({ keys: [randomBytes(32)] })).post(cookie, token)).to.equal(403);
  });

  for (const [called, origin, status] of [
    ['127.0.0.1:3000', 'http://127.0.0.1:3000', 200],
    ['127.0.0.1:3000', 'http://localhost:3000', 200],
    ['[::1]:4000', 'http://[::1]:4000', 200],
    ['localhost:3000', 'http://localhost:8080', 403],
    ['localhost:3000', 'https://127.0.0.1:3000', 403],
    ['localhost:3000', 'http://localhost.evil.example:3000', 403],
    ['evil.example:3000', 'http://localhost:3001', 403],
  ] as const)
    it(`development, ${origin} to ${called}: ${status}`, async () => {
      const server = await start({ issuer: 'http://localhost:3000', development: true });
      const { cookie, token } = await shown(server);
      expect(await server.postTo(called, cookie, token, `Origin: ${origin}`)).to.equal(status);
    });
});
