import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient } from '../../support/clients.ts';
import { basic, tokenOf } from '../../support/code-flow.ts';
import { eventually } from '../../support/eventually.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { authorizationUrl, pkce, tokenRequest } from '../../support/sign-in.ts';
import { newPartner, partnersClient, searchHeaders } from '../partners/partners-client.ts';
import { call, person, personToken, registerApp } from './admin-client.ts';

describe('refusals in the audit trail and in traces', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
    await registerApp(server);
  });

  after(() => server.stop());

  const newest = async (filter: object) =>
    (await server.domain.auditSearch.page(filter, { limit: 1 })).data[0];

  it('have clients of the token endpoint', async () => {
    const wrong = `Basic ${Buffer.from('service:wrong').toString('base64')}`;
    const { body } = await tokenRequest(
      server.url,
      { grant_type: 'client_credentials' },
      { authorization: wrong },
    );
    expect(body.error).to.equal('invalid_client');
    // the audit event is written after the response
    await eventually(async () =>
      expect(await newest({ clientId: 'service', event: 'client.refused' })).to.include({
        reason: 'client_not_authenticated',
        actor: 'client:service',
      }),
    );
    const unknown = `Basic ${Buffer.from('no-such-client:wrong').toString('base64')}`;
    await tokenRequest(server.url, { grant_type: 'client_credentials' }, { authorization: unknown });
    expect(await newest({ clientId: 'no-such-client' })).to.equal(undefined);
  });

  it('have clients of every other endpoint that they authenticate at, and of grants that they lack', async () => {
    for (const path of ['par', 'introspect', 'revoke', 'device']) {
      const { id } = await createClient(server);
      const answer = await fetch(`${server.url}/oauth/${path}`, {
        method: 'POST',
        headers: { authorization: basic({ id, secret: 'wrong', redirectUri: '' }) },
        body: new URLSearchParams({ token: 'any' }),
      });
      expect(answer.status, path).to.equal(401);
      await eventually(async () =>
        expect(await newest({ clientId: id, event: 'client.refused' }), path).to.include({
          reason: 'client_not_authenticated',
        }),
      );
    }
    const client = await createClient(server);
    const { body } = await tokenOf(server, client, { grant_type: 'client_credentials' });
    expect(body.error).to.equal('unauthorized_client');
    await eventually(async () =>
      expect(await newest({ clientId: client.id, event: 'client.refused' })).to.include({
        reason: 'client_not_allowed',
      }),
    );
  });

  it('have partners, by what is wrong with their credentials', async () => {
    const api = partnersClient(server);
    const [partner, other] = [await newPartner(server), await newPartner(server)];
    const headers = (secret: string) => searchHeaders({ ...partner, secret }, '0812345678');
    expect((await api.search(headers('wrong'))).status).to.equal(401);
    expect(await newest({ clientId: partner.id, event: 'client.refused' })).to.include({
      reason: 'wrong_secret',
    });
    const stored = await server.domain.clients.find(other.id);
    const metadata = stored?.metadata as NonNullable<typeof stored>['metadata'];
    await server.domain.clients.change({ ...metadata, scope: 'openid' });
    expect((await api.search(searchHeaders(other, '0812345678'))).status).to.equal(403);
    expect(await newest({ clientId: other.id, event: 'client.refused' })).to.include({
      reason: 'client_not_allowed',
      actor: `client:${other.id}`,
    });
  });

  it('have operators who lack a scope', async () => {
    const { id, email } = await person(server, 'viewer');
    const token = await personToken(server, email, 'admin:overview:read admin:accounts:read');
    expect((await call(server, token, ['GET', '/accounts'])).status).to.equal(403);
    const event = await newest({ actor: `operator:${id}` });
    expect(event).to.include({ event: 'operator.refused', reason: 'insufficient_scope' });
    expect(event?.details).to.include({ scope: 'admin:accounts:read' });
  });

  it('of a form of the sign-in have the client, the error and the reason', async () => {
    const { email } = await person(server);
    const agent = new BrowserAgent();
    const page = await (await agent.follow(authorizationUrl(server.url, pkce().challenge))).text();
    const [action = ''] = /\/interaction\/[\w-]+\/login/.exec(page) ?? [];
    const answer = await agent.submit(action, { login: email, password: 'not-the-password' }, page);
    expect(answer.status).to.equal(400);
    const requestId = answer.headers.get('x-request-id') ?? '';
    await server.domain.refusedRequests.flush();
    const trace = await server.domain.traces.of(requestId);
    expect(trace?.refusal).to.include({ error: 'INVALID_CREDENTIALS', reason: 'wrong_password' });
    expect(trace?.clientId).to.be.a('string').and.not.equal('');
    expect(trace?.refusal?.clientId).to.equal(trace?.clientId);
    expect(trace?.events[0]).to.include({ event: 'sign_in.failed', reason: 'wrong_password' });
    expect(trace?.events[0]?.actor).to.equal(`client:${trace?.clientId}`);
  });
});
