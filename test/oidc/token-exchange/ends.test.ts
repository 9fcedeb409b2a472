import { expect } from 'chai';
import type { TestClient } from '../../support/clients.ts';
import { authorize, basic, introspect, redeem, tokenOf } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { API, backend, exchange, frontend, OPAQUE, signedIn } from './exchange-steps.ts';

describe('an exchanged token', () => {
  let server: TestServer;
  let shop: TestClient;
  let orders: TestClient;

  beforeEach(async () => {
    server = await testServer();
    shop = await frontend(server);
    orders = await backend(server, [
      { subject_clients: [shop.id] },
      { subject_clients: [shop.id], resource: API },
      { subject_resource: OPAQUE },
      { subject_resource: API },
    ]);
  });

  const isActive = async (token: string): Promise<boolean> =>
    (await introspect(server, orders, token)).body.active;

  /** Returns the tokens of a person, an exchanged token, one exchanged from it, and an exchanged JWT. */
  async function chain() {
    const tokens = await signedIn(server, shop, API);
    const first = (await exchange(server, orders, tokens.access_token, { resource: OPAQUE })).body;
    const second = (await exchange(server, orders, first.access_token, { resource: OPAQUE })).body;
    const jwt = (await exchange(server, orders, tokens.access_token, { resource: API })).body;
    return { tokens, opaque: [first.access_token, second.access_token], jwt: jwt.access_token };
  }

  const endings: [name: string, end: (tokens: { refresh_token: string }) => Promise<unknown>][] = [
    [
      'the revocation of the refresh token beside its subject token',
      ({ refresh_token }) =>
        fetch(`${server.url}/oauth/revoke`, {
          method: 'POST',
          body: new URLSearchParams({ token: refresh_token }),
          headers: { authorization: basic(shop) },
        }),
    ],
    ['signing out everywhere', () => server.domain.lifecycle.signOutEverywhere(1)],
    ['the end of the access that the person gave', () => server.domain.accessGrants.endOfClient(1, shop.id)],
    ['the removal of the client that the person used', () => server.domain.clients.remove(shop.id)],
  ];
  for (const [name, end] of endings) {
    it(`ends with ${name}, and so does every one made of it`, async () => {
      const { tokens, opaque, jwt } = await chain();
      for (const token of opaque) expect(await isActive(token)).to.equal(true);
      await end(tokens as { refresh_token: string });
      for (const token of opaque) expect(await isActive(token), name).to.equal(false);
      for (const token of [tokens.access_token, ...opaque, jwt]) {
        const again = await exchange(server, orders, token, { resource: OPAQUE });
        expect(again.body.error).to.equal('invalid_request');
      }
    });
  }

  it('ends with its subject token when the code of that token is used again', async () => {
    const scope = 'openid api:read';
    const flow = await authorize(server, shop, { scope, resource: OPAQUE });
    const { body: thief } = await redeem(server, shop, flow);
    const first = (await exchange(server, orders, thief.access_token, { resource: OPAQUE })).body;
    const second = (await exchange(server, orders, first.access_token, { resource: OPAQUE })).body;
    const tokens = [first.access_token, second.access_token];
    for (const token of tokens) expect(await isActive(token)).to.equal(true);
    expect((await redeem(server, shop, flow)).body.error).to.equal('invalid_grant');
    for (const token of tokens) expect(await isActive(token)).to.equal(false);
  });

  it('can be revoked by its client, and leaves the token that it is made of', async () => {
    const { opaque, tokens } = await chain();
    const [token = ''] = opaque;
    await fetch(`${server.url}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token }),
      headers: { authorization: basic(orders) },
    });
    expect(await isActive(token)).to.equal(false);
    expect((await exchange(server, orders, tokens.access_token, { resource: OPAQUE })).status).to.equal(200);
  });

  it('opens neither userinfo nor a refresh', async () => {
    const { opaque } = await chain();
    const [token = ''] = opaque;
    const answer = await fetch(`${server.url}/oauth/userinfo`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).to.equal(403);
    const refreshed = await tokenOf(server, orders, { grant_type: 'refresh_token', refresh_token: token });
    expect(refreshed.status).to.equal(400);
  });
});
