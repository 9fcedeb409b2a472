import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, basic, OFFLINE, redeem, refresh, tokensFor, userinfo } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const JWT = 'http://localhost:8080/api';

describe('revocation', () => {
  let server: TestServer;
  let client: TestClient;
  const agent = new BrowserAgent();

  before(async () => {
    server = await testServer();
    client = await createClient(server);
  });

  async function revoke(asking: TestClient, token: string | undefined, more = {}): Promise<Response> {
    return fetch(`${server.url}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: token ?? '', ...more }),
      headers: { authorization: basic(asking) },
    });
  }

  for (const kind of ['access_token', 'refresh_token'] as const) {
    it(`of the ${kind} ends both, and can be repeated`, async () => {
      const tokens = await tokensFor(server, client, OFFLINE, agent);
      for (let turn = 0; turn < 2; turn += 1) {
        const answer = await revoke(client, tokens[kind]);
        expect(answer.status).to.equal(200);
        expect(await answer.text()).to.equal('');
      }
      expect((await userinfo(server, tokens.access_token)).status).to.equal(401);
      expect((await refresh(server, client, tokens.refresh_token)).body.error).to.equal('invalid_grant');
    });
  }

  it('finds the token with a wrong hint', async () => {
    const { access_token } = await tokensFor(server, client, {}, agent);
    expect((await revoke(client, access_token, { token_type_hint: 'refresh_token' })).status).to.equal(200);
    expect((await userinfo(server, access_token)).status).to.equal(401);
  });

  it('ends one sign-in only', async () => {
    const [here, there] = [
      await tokensFor(server, client, {}, new BrowserAgent()),
      await tokensFor(server, client, {}, new BrowserAgent()),
    ];
    await revoke(client, here.access_token);
    expect((await userinfo(server, there.access_token)).status).to.equal(200);
  });

  it('does nothing to the tokens of another client, and does not reveal that', async () => {
    const tokens = await tokensFor(server, client, OFFLINE, agent);
    const other = await createClient(server);
    for (const token of [tokens.access_token, tokens.refresh_token, 'nothing']) {
      expect((await revoke(other, token)).status).to.equal(200);
    }
    expect((await userinfo(server, tokens.access_token)).status).to.equal(200);
    expect((await refresh(server, client, tokens.refresh_token)).status).to.equal(200);
  });

  it('of a JWT, which cannot be revoked, does nothing and fails for no client', async () => {
    const flow = await authorize(server, client, { scope: 'openid api:read', resource: JWT }, agent);
    const { body } = await redeem(server, client, flow, { resource: JWT });
    const answer = await revoke(client, body.access_token);
    expect(answer.status).to.equal(200);
    expect(await answer.text()).to.equal('');
  });

  it('is answered without a body and without a type of one', async () => {
    const answer = await revoke(client, 'nothing');
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.equal(null);
    expect(answer.headers.get('content-length')).to.equal('0');
  });

  it('works for a public client by its id', async () => {
    const open = await createClient(server, { token_endpoint_auth_method: 'none' });
    const { access_token } = await tokensFor(server, open, {}, agent);
    const answer = await fetch(`${server.url}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: access_token, client_id: open.id }),
    });
    expect(answer.status).to.equal(200);
    expect((await userinfo(server, access_token)).status).to.equal(401);
  });
});
