import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { authorize, basic, OFFLINE, redeem, tokensFor } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import type { Tokens } from '../../support/sign-in.ts';

const OPAQUE = 'http://localhost:8080/opaque';
const JWT = 'http://localhost:8080/api';

describe('introspection', () => {
  let server: TestServer;
  let client: TestClient;
  let other: TestClient;
  let resource: TestClient;
  let tokens: Tokens;
  const agent = new BrowserAgent();

  before(async () => {
    server = await testServer();
    client = await createClient(server);
    other = await createClient(server);
    resource = await createClient(server, { resources: [OPAQUE], grant_types: ['client_credentials'] });
    tokens = await tokensFor(server, client, OFFLINE, agent);
  });

  async function introspect(asking: TestClient, token: string | undefined, more = {}) {
    const answer = await fetch(`${server.url}/oauth/introspect`, {
      method: 'POST',
      body: new URLSearchParams({ token: token ?? '', ...more }),
      headers: { authorization: basic(asking) },
    });
    return { status: answer.status, body: await answer.json(), headers: answer.headers };
  }

  /** A token of `client` for a resource. */
  async function tokenFor(identifier: string): Promise<string> {
    const params = { scope: 'openid api:read', resource: identifier };
    const flow = await authorize(server, client, params, agent);
    return (await redeem(server, client, flow, { resource: identifier })).body.access_token;
  }

  it('informs a client about its own tokens', async () => {
    const access = await introspect(client, tokens.access_token);
    expect(access.status).to.equal(200);
    expect(access.headers.get('cache-control')).to.equal('no-store');
    expect(access.body).to.include({
      active: true,
      client_id: client.id,
      sub: '1',
      iss: server.url,
      token_type: 'Bearer',
    });
    expect(access.body.exp - access.body.iat).to.equal(3600);
    const refresh = await introspect(client, tokens.refresh_token, { token_type_hint: 'access_token' });
    expect(refresh.body).to.include({ active: true, sub: '1' }).and.not.have.property('token_type');
  });

  it('informs no other client about them', async () => {
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      expect((await introspect(other, token)).body).to.deep.equal({ active: false });
    }
  });

  it('informs a resource about the tokens for it, and about no others', async () => {
    const token = await tokenFor(OPAQUE);
    const { body } = await introspect(resource, token);
    expect(body).to.include({ active: true, aud: OPAQUE, client_id: client.id, scope: 'api:read', sub: '1' });
    expect((await introspect(other, token)).body).to.deep.equal({ active: false });
    expect((await introspect(resource, tokens.access_token)).body).to.deep.equal({ active: false });
  });

  it('shows a resource the pairwise subject of the client', async () => {
    const secret = await createClient(server, { subject_type: 'pairwise' });
    const params = { scope: 'openid api:read', resource: OPAQUE };
    const flow = await authorize(server, secret, params, agent);
    const { body: granted } = await redeem(server, secret, flow, { resource: OPAQUE });
    const { body } = await introspect(resource, granted.access_token);
    expect(body.active).to.equal(true);
    expect(body.sub).to.match(/^[\w-]{43}$/);
  });

  const swapCase = (text: string): string =>
    text.replace(/[a-z]/gi, (one) => (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase()));
  for (const [name, change] of Object.entries<(token: string) => string>({
    truncated: (token) => token.slice(0, -1),
    lengthened: (token) => `${token}A`,
    padded: (token) => `${token}=`,
    're-cased': swapCase,
    'with a space': (token) => ` ${token}`,
    'replaced by garbage': () => 'ก'.repeat(20),
    'replaced by the id of its row': () => '~00000000000000000000000000000000',
  })) {
    it(`calls a token inactive that is ${name}`, async () => {
      for (const token of [tokens.access_token, tokens.refresh_token ?? '']) {
        const { status, body } = await introspect(client, change(token));
        expect([status, body]).to.deep.equal([200, { active: false }]);
      }
    });
  }

  it('calls a token inactive that is over, and one of a suspended account at once', async () => {
    const person = { login: `gone-${Date.now()}@example.com`, password: 'correct-horse-battery' };
    const account = await server.domain.lifecycle.create({
      password: person.password,
      contacts: [{ kind: 'email', value: person.login, verified: true }],
    });
    const flow = await authorize(server, client, {}, new BrowserAgent(), person);
    const { body } = await redeem(server, client, flow);
    expect((await introspect(client, body.access_token)).body.active).to.equal(true);
    await server.domain.lifecycle.suspend(account.id);
    expect((await introspect(client, body.access_token)).body).to.deep.equal({ active: false });

    await moveClock(server.database, 3606);
    expect((await introspect(client, tokens.access_token)).body).to.deep.equal({ active: false });
  });

  it('refuses JWTs, which their resource checks itself', async () => {
    const { status, body } = await introspect(client, await tokenFor(JWT));
    expect([status, body.error]).to.deep.equal([400, 'unsupported_token_type']);
  });

  it('requires an authenticated client, and a token', async () => {
    const wrong = await introspect({ ...client, secret: 'wrong' }, tokens.access_token);
    expect([wrong.status, wrong.body.error]).to.deep.equal([401, 'invalid_client']);
    const none = await introspect(client, '');
    expect([none.status, none.body.error]).to.deep.equal([400, 'invalid_request']);
  });
});
