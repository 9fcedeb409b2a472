import { expect } from 'chai';
import { initialAccessToken } from '../../support/clients.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const VALID = { redirect_uris: ['https://rp.example/cb'] };

describe('dynamic registration', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  async function register(metadata: unknown, token?: string) {
    const bearer = token ?? (await initialAccessToken(server));
    const answer = await fetch(`${server.url}/oauth/register`, {
      method: 'POST',
      body: JSON.stringify(metadata),
      headers: {
        'content-type': 'application/json',
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
      },
    });
    return { status: answer.status, body: await answer.json(), headers: answer.headers };
  }

  it('answers with the registration, a secret and its own address', async () => {
    const { status, body, headers } = await register(VALID);
    expect(status).to.equal(201);
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(body).to.deep.include({
      redirect_uris: VALID.redirect_uris,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      client_secret_expires_at: 0,
      registration_client_uri: `${server.url}/oauth/register/${body.client_id}`,
    });
    expect(body.client_secret).to.have.length.at.least(43);
    expect(body).to.not.have.any.keys('first_party', 'channel', 'number', 'token_profile');
  });

  it('needs a token that the operator gave out', async () => {
    for (const token of ['', 'nothing']) {
      const { status, body } = await register(VALID, token);
      expect(status).to.equal(401);
      expect(body.error).to.be.oneOf(['invalid_token', 'invalid_request']);
    }
  });

  const refusals: [string, object][] = [
    ['first_party', { first_party: true }],
    ['first_party, even false', { first_party: false }],
    ['channel', { channel: 'app' }],
    ['number', { number: 1 }],
    ['token_profile', { token_profile: 'partner' }],
    ['bindings', { bindings: ['line'] }],
    ['resources', { resources: ['http://localhost:8080/api'] }],
    ['reset_uris', { reset_uris: ['https://rp.example/reset'] }],
    ['activate_uris', { activate_uris: ['https://rp.example/activate'] }],
    ['the password grant', { grant_types: ['password', 'authorization_code'] }],
    ['scope global', { scope: 'openid global' }],
    ['scope thai_id', { scope: 'openid thai_id' }],
    ['scope accounts:lookup', { scope: 'accounts:lookup' }],
    ['an unknown scope', { scope: 'openid everything' }],
    ['an implicit response type', { response_types: ['id_token'], grant_types: ['implicit'] }],
    ['an unknown grant type', { grant_types: ['authorization_code', 'magic'] }],
    ['unsigned ID tokens', { id_token_signed_response_alg: 'none' }],
    ['initiate_login_uri without https', { initiate_login_uri: 'http://rp.example/start' }],
    ['an unknown way to authenticate', { token_endpoint_auth_method: 'client_secret_jwt' }],
    ['rotate_refresh_tokens that is no boolean', { rotate_refresh_tokens: 'yes' }],
    ['jwks with a private key', { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', d: 'c' }] } }],
  ];
  for (const [name, members] of refusals) {
    it(`refuses ${name}`, async () => {
      const { status, body } = await register({ ...VALID, ...members });
      expect([status, body.error]).to.deep.equal([400, 'invalid_client_metadata']);
    });
  }

  for (const uri of ['https://rp.example/cb#fragment', '/cb', 'javascript:alert(1)', 'nothing', '']) {
    it(`refuses the redirect URI ${JSON.stringify(uri)}`, async () => {
      const { status, body } = await register({ redirect_uris: [uri] });
      expect(status).to.equal(400);
      expect(body.error).to.be.oneOf(['invalid_redirect_uri', 'invalid_client_metadata']);
    });
  }

  it('keeps initiate_login_uri and the wish to rotate', async () => {
    const members = { initiate_login_uri: 'https://rp.example/start', rotate_refresh_tokens: true };
    const { body } = await register({ ...VALID, ...members });
    const read = await fetch(body.registration_client_uri, {
      headers: { authorization: `Bearer ${body.registration_access_token}` },
    });
    expect(read.headers.get('cache-control')).to.equal('no-store');
    expect(await read.json()).to.include(members);
  });

  it('holds changes to the same rules', async () => {
    const { body } = await register(VALID);
    const { client_id, registration_client_uri, registration_access_token } = body;
    const change = (metadata: object) =>
      fetch(registration_client_uri, {
        method: 'PUT',
        body: JSON.stringify({ client_id, ...VALID, ...metadata }),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${registration_access_token}` },
      });
    for (const metadata of [{ first_party: true }, { scope: 'openid global' }, { client_id: 'client' }]) {
      const answer = await change(metadata);
      expect(answer.status).to.equal(400);
      expect(await answer.json()).to.have.property('error');
    }
    const stored = await server.domain.clients.find(client_id);
    expect(stored?.metadata).to.not.have.property('first_party');
    expect((await server.domain.clients.find('client'))?.metadata.first_party).to.equal(true);
  });

  for (const [name, body] of [
    ['a list', '[]'],
    ['a text', '"x"'],
    ['broken JSON', '{'],
    ['a prototype', '{"__proto__":{"first_party":true},"redirect_uris":["https://rp.example/cb"]}'],
  ] as const) {
    it(`refuses ${name} as a registration`, async () => {
      const answer = await fetch(`${server.url}/oauth/register`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await initialAccessToken(server)}`,
        },
      });
      expect(answer.status).to.equal(400);
      expect(await answer.json()).to.include({ error: 'invalid_request' });
    });
  }
});
