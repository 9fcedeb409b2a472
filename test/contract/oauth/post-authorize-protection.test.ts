import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, redeem, requestOf } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { pkce, signInOnPages } from '../../support/sign-in.ts';

const LONG = 'x'.repeat(3000);

/** The required protection of a request does not depend on its length or its method. */
describe('a long POST /oauth/authorize', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  async function follow(params: URLSearchParams, agent = new BrowserAgent()): Promise<Response> {
    const posted = await fetch(`${server.url}/oauth/authorize`, {
      method: 'POST',
      body: params,
      redirect: 'manual',
    });
    const next = posted.headers.get('location');
    return next ? agent.follow(new URL(next, server.url).href) : posted;
  }

  const errorOf = async (answer: Response): Promise<string> =>
    new URL(answer.headers.get('location') ?? 'about:blank').searchParams.get('error') ?? answer.text();

  const form = (client: TestClient, more: Record<string, string> = {}): URLSearchParams =>
    new URLSearchParams(requestOf(client, { state: LONG, ...more }));

  it('does not count as a pushed request for a client that must push', async () => {
    const client = await createClient(server, { require_pushed_authorization_requests: true });
    expect(await errorOf(await follow(form(client)))).to.equal('invalid_request');
  });

  it('does not count as a signed request for a client that must sign', async () => {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] };
    const client = await createClient(server, { require_signed_request_object: true, jwks });
    expect(await errorOf(await follow(form(client)))).to.equal('invalid_request');
  });

  it('with a request object has its signature checked', async () => {
    const [own, forged] = [
      await generateKeyPair('ES256', { extractable: true }),
      await generateKeyPair('ES256', { extractable: true }),
    ];
    const jwks = { keys: [{ ...(await exportJWK(own.publicKey)), kid: 'k', alg: 'ES256' }] };
    const client = await createClient(server, { jwks });
    const { verifier, challenge } = pkce();
    const sign = (key: CryptoKey): Promise<string> =>
      new SignJWT(
        requestOf(client, { state: LONG, code_challenge: challenge, code_challenge_method: 'S256' }),
      )
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .setIssuer(client.id)
        .setAudience(server.url)
        .setExpirationTime('1m')
        .sign(key);
    const send = async (key: CryptoKey) =>
      new URLSearchParams({ client_id: client.id, request: await sign(key) });

    expect(await errorOf(await follow(await send(forged.privateKey)))).to.include('invalid_request_object');

    const posted = await fetch(`${server.url}/oauth/authorize`, {
      method: 'POST',
      body: await send(own.privateKey),
      redirect: 'manual',
    });
    const next = new URL(posted.headers.get('location') ?? '', server.url);
    const back = await signInOnPages(new BrowserAgent(), next.href);
    const code = back.searchParams.get('code') ?? '';
    expect((await redeem(server, client, { code, verifier })).status).to.equal(200);
  });

  it('has no parameter twice', async () => {
    const client = await createClient(server);
    const params = form(client);
    params.append('redirect_uri', client.redirectUri);
    const answer = await follow(params);
    expect([answer.status, answer.headers.get('location')]).to.deep.equal([400, null]);
  });

  it('may name two resources', async () => {
    const client = await createClient(server);
    const agent = new BrowserAgent();
    await authorize(server, client, {}, agent);
    const params = form(client, { scope: 'openid api:read api:write' });
    for (const resource of ['http://localhost:8080/api', 'http://localhost:8080/opaque']) {
      params.append('resource', resource);
    }
    const page = await (await follow(params, agent)).text();
    expect(page).to.include('http://localhost:8080/api').and.to.include('http://localhost:8080/opaque');
  });
});
