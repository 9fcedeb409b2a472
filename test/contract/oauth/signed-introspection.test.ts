import { expect } from 'chai';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { createClient, type TestClient } from '../../support/clients.ts';
import { basic, tokensFor } from '../../support/code-flow.ts';
import { checkAnswer } from '../../support/openapi.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const SIGNED = 'application/token-introspection+jwt';
const OPAQUE = 'http://localhost:8080/opaque';

describe('introspection as a JWT', () => {
  let server: TestServer;
  let client: TestClient;
  let resource: TestClient;

  before(async () => {
    server = await startServer({ introspection: { signedResponses: true } });
    client = await createClient(server);
    resource = await createClient(server, {
      resources: [OPAQUE],
      introspection_signed_response_alg: 'ES256',
    });
  });
  after(() => server.stop());

  async function introspect(token: string, accept: string, by = resource, at = server) {
    const answer = await fetch(`${at.url}/oauth/introspect`, {
      method: 'POST',
      headers: { authorization: basic(by), accept },
      body: new URLSearchParams({ token }),
    });
    const body = await answer.text();
    checkAnswer('POST /oauth/introspect', answer.status, answer.headers, body);
    return { type: answer.headers.get('content-type') ?? '', body };
  }

  it('is signed as the client registered, for the resource server', async () => {
    const { access_token } = await tokensFor(server, client, { resource: OPAQUE, scope: 'api:read' });
    const { type, body } = await introspect(access_token, SIGNED);
    expect(type).to.include(SIGNED);
    expect(decodeProtectedHeader(body)).to.include({ alg: 'ES256', typ: 'token-introspection+jwt' });
    const keys = createRemoteJWKSet(new URL(`${server.url}/oauth/jwks`));
    const { payload } = await jwtVerify(body, keys, { issuer: server.url });
    expect(payload.token_introspection).to.deep.include({ active: true, client_id: client.id, aud: OPAQUE });
    expect(payload.aud).to.equal(resource.id);
    expect(payload).not.to.have.any.keys('sub', 'exp');
  });

  it('reveals no more of an unknown token', async () => {
    const { body } = await introspect('unknown', SIGNED);
    const { payload } = await jwtVerify(body, createRemoteJWKSet(new URL(`${server.url}/oauth/jwks`)));
    expect(payload.token_introspection).to.deep.equal({ active: false });
  });

  it('is JSON for whoever does not ask for it', async () => {
    for (const accept of ['application/json', '*/*', 'text/html']) {
      const { type, body } = await introspect('unknown', accept);
      expect(type).to.include('application/json');
      expect(JSON.parse(body)).to.deep.equal({ active: false });
    }
  });

  it('is announced, and JSON in any case unless it is enabled', async () => {
    const metadata = async (at: TestServer) =>
      (await fetch(`${at.url}/.well-known/openid-configuration`)).json();
    const member = 'introspection_signing_alg_values_supported';
    expect((await metadata(server))[member]).to.have.members(['RS256', 'PS256', 'ES256']);
    const off = await startServer();
    expect(await metadata(off)).not.to.have.property(member);
    const plain = await createClient(off);
    expect((await introspect('unknown', `${SIGNED}, application/json`, plain, off)).type).to.include(
      'application/json',
    );
    await off.stop();
  });
});
