import { expect } from 'chai';
import { createClient } from '../../support/clients.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const KNOWN = 'http://localhost:8080';
const OPEN: [string, string][] = [
  ['GET', '/.well-known/openid-configuration'],
  ['GET', '/.well-known/oauth-authorization-server'],
  ['GET', '/oauth/jwks'],
  ['POST', '/oauth/token'],
  ['GET', '/oauth/userinfo'],
  ['POST', '/oauth/revoke'],
  ['POST', '/oauth/par'],
];
const CLOSED: [string, string][] = [
  ['GET', '/oauth/authorize'],
  ['POST', '/oauth/introspect'],
  ['POST', '/oauth/device'],
  ['POST', '/oauth/register'],
  ['GET', '/oauth/logout'],
];

describe('other origins', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  const call = (method: string, path: string, origin: string, headers = {}): Promise<Response> =>
    fetch(server.url + path, { method, redirect: 'manual', headers: { origin, ...headers } });

  const preflight = (path: string, origin: string): Promise<Response> =>
    call('OPTIONS', path, origin, { 'access-control-request-method': 'POST' });

  const allowed = ({ headers }: Response): string[] =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'));

  for (const [method, path] of OPEN) {
    it(`of public clients may call ${path}`, async () => {
      for (const answer of [await call(method, path, KNOWN), await preflight(path, KNOWN)]) {
        expect(answer.headers.get('access-control-allow-origin')).to.equal(KNOWN);
        expect(answer.headers.get('vary')).to.match(/\bOrigin\b/);
        expect(answer.headers.has('access-control-allow-credentials')).to.equal(false);
      }
    });

    it(`that nobody registered may not call ${path}`, async () => {
      for (const origin of [
        'https://evil.example',
        'null',
        `${KNOWN}.evil.example`,
        'http://localhost:8081',
      ]) {
        expect(allowed(await call(method, path, origin)), origin).to.deep.equal([]);
        expect(allowed(await preflight(path, origin)), origin).to.deep.equal([]);
      }
    });
  }

  for (const [method, path] of CLOSED) {
    it(`may not call ${path}, whoever they are`, async () => {
      expect(allowed(await call(method, path, KNOWN))).to.deep.equal([]);
      expect(allowed(await preflight(path, KNOWN))).to.deep.equal([]);
    });
  }

  it('of a client that was just registered are allowed immediately, of confidential ones never', async () => {
    const name = `https://app-${Date.now()}.example`;
    await createClient(server, { redirect_uris: [`${name}/cb`] });
    expect(allowed(await call('GET', '/oauth/jwks', name))).to.deep.equal([]);
    await createClient(server, { redirect_uris: [`${name}/cb`], token_endpoint_auth_method: 'none' });
    const answer = await call('GET', '/oauth/jwks', name);
    expect(answer.headers.get('access-control-allow-origin')).to.equal(name);
  });
});
