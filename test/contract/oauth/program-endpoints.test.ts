import { expect } from 'chai';
import { type TestServer, testServer } from '../../support/server.ts';
import { BASIC_CLIENT } from '../../support/sign-in.ts';

const FORM = 'application/x-www-form-urlencoded';
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const FORMS = ['/oauth/token', '/oauth/introspect', '/oauth/revoke', '/oauth/par', '/oauth/device'];

describe('program endpoints', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  async function call(path: string, init: RequestInit = {}) {
    const answer = await fetch(server.url + path, { redirect: 'manual', ...init });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  function expectJsonError({ status, headers, text }: Awaited<ReturnType<typeof call>>, expected: number[]) {
    expect(status, text).to.be.oneOf(expected);
    expect(headers.get('content-type')).to.match(/^application\/json/);
    expect(headers.get('cache-control')).to.equal('no-store');
    const body = JSON.parse(text);
    expect(body.error).to.be.a('string');
    expect(Object.keys(body)).to.satisfy((keys: string[]) =>
      keys.every((key) => ['error', 'error_description', 'error_uri', 'scope', 'state'].includes(key)),
    );
  }

  for (const path of FORMS) {
    const post = (body: string, headers = {}) =>
      call(path, { method: 'POST', body, headers: { ...BROWSER, authorization: BASIC_CLIENT, ...headers } });

    it(`${path}: JSON for a browser that made a mistake`, async () => {
      expectJsonError(await post('', { 'content-type': FORM }), [400, 401]);
    });

    it(`${path}: 400 for JSON`, async () => {
      const body = JSON.stringify({ grant_type: 'password', token: 'x', scope: 'openid' });
      expectJsonError(await post(body, { 'content-type': 'application/json' }), [400]);
    });

    it(`${path}: 413 beyond 64 KB, also without a stated length`, async () => {
      const large = `token=${'x'.repeat(70_000)}`;
      expectJsonError(await post(large, { 'content-type': FORM }), [413]);
      const stream = new Blob([large]).stream();
      const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
      expectJsonError(await call(path, { ...init, headers: { ...BROWSER, 'content-type': FORM } }), [413]);
    });

    for (const [name, body] of Object.entries({
      'a NUL': 'token=%00&grant_type=%00',
      'half a surrogate': 'token=%ED%A0%80',
      'broken encoding': 'token=%zz',
      'a hundred fields': Array.from({ length: 100 }, (_, index) => `f${index}=1`).join('&'),
      'a parameter twice': 'token=a&token=b&grant_type=password&grant_type=password',
    })) {
      it(`${path}: 400 for ${name}`, async () => {
        expectJsonError(await post(body, { 'content-type': FORM }), [400]);
      });
    }

    for (const method of ['GET', 'DELETE', 'OPTIONS']) {
      it(`${path}: no ${method}, and says what there is`, async () => {
        const answer = await call(path, { method, headers: BROWSER });
        expect(answer.headers.get('allow')).to.equal('POST');
        expectJsonError(answer, [405]);
      });
    }
  }

  it('/oauth/userinfo and /oauth/register: JSON for a browser as well', async () => {
    expectJsonError(await call('/oauth/userinfo', { headers: BROWSER }), [401]);
    expectJsonError(await call('/oauth/register', { headers: BROWSER }), [405]);
    expectJsonError(await call('/oauth/register/client', { headers: BROWSER }), [400, 401]);
    const form = { method: 'POST', body: 'a=b', headers: { ...BROWSER, 'content-type': FORM } };
    expectJsonError(await call('/oauth/register', form), [400, 401]);
  });

  it('pages: HTML for a browser that made a mistake', async () => {
    for (const path of ['/oauth/authorize', '/oauth/logout?id_token_hint=x']) {
      const { status, headers } = await call(path, { headers: BROWSER });
      expect(status).to.equal(400);
      expect(headers.get('content-type')).to.match(/^text\/html/);
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(headers.get('content-security-policy')).to.include("frame-ancestors 'none'");
    }
  });

  it('are not at the paths that the library has by default', async () => {
    for (const path of ['/auth', '/token', '/me', '/jwks', '/session/end', '/reg', '/request']) {
      expect((await call(path)).status, path).to.equal(404);
    }
  });

  it('have no development interactions behind them', async () => {
    const body = 'prompt=login&login=admin&password=x';
    const form = { method: 'POST', body, headers: { 'content-type': FORM } };
    expect((await call('/interaction/some-uid', form)).status).to.be.oneOf([404, 405]);
  });
});
