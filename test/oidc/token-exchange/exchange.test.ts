import { expect } from 'chai';
import { decodeJwt } from 'jose';
import type { TestClient } from '../../support/clients.ts';
import { introspect, tokenOf } from '../../support/code-flow.ts';
import { eventually } from '../../support/eventually.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import {
  ACCESS_TOKEN,
  API,
  backend,
  exchange,
  frontend,
  JWT_TYPE,
  OPAQUE,
  signedIn,
} from './exchange-steps.ts';

describe('a token exchange', () => {
  let server: TestServer;
  let shop: TestClient;
  let orders: TestClient;
  let stock: TestClient;
  let subject: string;

  before(async () => {
    server = await testServer();
    shop = await frontend(server);
    orders = await backend(server, [
      { subject_clients: [shop.id] },
      { subject_clients: [shop.id], resource: API, scope: 'api:read api:write', mode: 'impersonation' },
    ]);
    stock = await backend(server, [
      { subject_resource: OPAQUE, resource: API },
      { subject_resource: API, resource: OPAQUE, mode: 'impersonation' },
    ]);
    subject = (await signedIn(server, shop, API)).access_token;
  });

  it('gives a token of the same person that names who acts', async () => {
    const { status, body } = await exchange(server, orders, subject, { resource: OPAQUE });
    expect(status).to.equal(200);
    expect(body).to.include({ issued_token_type: ACCESS_TOKEN, token_type: 'Bearer', scope: 'api:read' });
    expect(body).to.not.have.any.keys('refresh_token', 'id_token');
    const { body: told } = await introspect(server, orders, body.access_token);
    expect(told).to.deep.include({
      active: true,
      sub: '1',
      client_id: orders.id,
      aud: OPAQUE,
      act: { sub: orders.id, client_id: orders.id },
    });
    expect(told.amr).to.include('pwd');
  });

  it('lasts no longer than the token that it is made of', async () => {
    const { body } = await exchange(server, orders, subject, { resource: OPAQUE });
    const { body: told } = await introspect(server, orders, body.access_token);
    expect(told.exp).to.equal(decodeJwt(subject).exp);
  });

  it('impersonates without an actor where the policy says so', async () => {
    const { body } = await exchange(server, orders, subject, {
      audience: API,
      scope: 'api:write',
      requested_token_type: JWT_TYPE,
    });
    expect(body).to.include({ issued_token_type: JWT_TYPE, scope: 'api:write' });
    const claims = decodeJwt(body.access_token);
    expect(claims).to.include({ sub: '1', client_id: orders.id, aud: API, scope: 'api:write' });
    expect(claims).to.not.have.property('act');
  });

  it('names every actor of a chain, the last one outside, also after an impersonation', async () => {
    const first = await exchange(server, orders, subject, { resource: OPAQUE });
    const second = await exchange(server, stock, first.body.access_token, { resource: API });
    const act = {
      sub: stock.id,
      client_id: stock.id,
      act: { sub: orders.id, client_id: orders.id },
    };
    expect(decodeJwt(second.body.access_token).act).to.deep.equal(act);
    const third = await exchange(server, stock, second.body.access_token, { resource: OPAQUE });
    expect((await introspect(server, stock, third.body.access_token)).body.act).to.deep.equal(act);
  });

  it('names the person or the program of an actor token', async () => {
    const program = { grant_type: 'client_credentials', scope: 'api:read' };
    for (const resource of [API, OPAQUE]) {
      const { body: own } = await tokenOf(server, orders, { ...program, resource });
      const { body } = await exchange(server, orders, subject, {
        resource: OPAQUE,
        actor_token: own.access_token,
        actor_token_type: ACCESS_TOKEN,
      });
      expect((await introspect(server, orders, body.access_token)).body.act).to.deep.equal({
        sub: orders.id,
        client_id: orders.id,
      });
    }
    const desk = await backend(server, [{ subject_clients: [shop.id] }], {
      grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      response_types: ['code'],
      redirect_uris: [shop.redirectUri],
    });
    const agent = await signedIn(server, { ...desk, redirectUri: shop.redirectUri });
    const { body } = await exchange(server, desk, subject, {
      actor_token: agent.access_token,
      actor_token_type: ACCESS_TOKEN,
    });
    const { act } = (await introspect(server, desk, body.access_token)).body;
    expect(act).to.deep.equal({ sub: '1', client_id: desk.id });
  });

  it('is in the audit trail with who acted for whom, refused or not', async () => {
    const newest = async (event: string) =>
      (await server.domain.auditSearch.page({ clientId: orders.id, event }, { limit: 1 })).data[0];
    await exchange(server, orders, subject, { resource: OPAQUE });
    await exchange(server, orders, subject, { resource: OPAQUE, scope: 'api:write' });
    // repeated refusals of a client are not recorded again
    await eventually(async () =>
      expect(await newest('token.exchange_refused')).to.include({
        actor: `client:${orders.id}`,
        reason: 'client_not_allowed',
      }),
    );
    const done = await newest('token.exchanged');
    expect(done).to.include({ event: 'token.exchanged', accountId: 1, actor: `client:${orders.id}` });
    expect(done?.details).to.deep.equal({
      mode: 'delegation',
      resource: OPAQUE,
      subject_client: shop.id,
      acting: orders.id,
    });
  });

  it('takes opaque tokens, and those without a resource, where a rule has their client', async () => {
    for (const resource of [OPAQUE, undefined]) {
      const { access_token } = await signedIn(server, shop, resource);
      expect((await exchange(server, orders, access_token, { resource: OPAQUE })).status).to.equal(200);
    }
  });

  it('narrows the scope to that of the token where the resource stays the same', async () => {
    const narrow = await backend(server, [
      { subject_clients: [shop.id, orders.id], resource: API, scope: 'api:read api:write' },
    ]);
    const { body: read } = await exchange(server, orders, subject, { resource: API, scope: 'api:read' });
    const { body } = await exchange(server, narrow, read.access_token);
    expect(body.scope).to.equal('api:read');
    const more = await exchange(server, narrow, read.access_token, { scope: 'api:read api:write' });
    expect(more.body).to.include({ error: 'invalid_scope', scope: 'api:write' });
  });
});
