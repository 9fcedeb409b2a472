import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { passwordMethod } from '../../../src/domain/authenticators/password/method.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, redeem } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const EVERYTHING = 'openid profile email phone address';

describe('the token response', () => {
  let server: TestServer;
  let client: TestClient;
  const agent = new BrowserAgent();

  before(async () => {
    server = await testServer();
    client = await createClient(server);
  });

  it('is JSON that must not be cached, with a lifetime', async () => {
    const flow = await authorize(server, client, {}, agent);
    const { status, body, headers } = await redeem(server, client, flow);
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.match(/^application\/json/);
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(body).to.include({ token_type: 'Bearer', expires_in: 3600, scope: 'openid' });
    expect(body).to.not.have.property('refresh_token');
  });

  it('has an ID token with what the protocol needs, and nothing of the person where the client wants that', async () => {
    const brief = await createClient(server, { scope_claims_in_id_token: false });
    const params = { scope: EVERYTHING, nonce: 'n-0S6_WzA2Mj' };
    const { body } = await redeem(server, brief, await authorize(server, brief, params, agent));
    const claims = decodeJwt(body.id_token ?? '');
    const now = Date.now() / 1000;
    expect(claims).to.include({ iss: server.url, aud: brief.id, sub: '1', nonce: 'n-0S6_WzA2Mj' });
    expect(claims.iat).to.be.closeTo(now, 60);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).to.equal(3600);
    expect(claims.acr).to.equal(passwordMethod.acr);
    expect(claims.amr).to.deep.equal(['pwd']);
    expect(claims.auth_time).to.be.closeTo(now, 60);
    const known = 'iss aud sub nonce iat exp acr amr auth_time sid'.split(' ');
    expect(known).to.include.members(Object.keys(claims));
  });

  it('has an ID token with the claims of its scopes, for libraries that read nothing else', async () => {
    const scope = 'openid profile email';
    const { body } = await redeem(server, client, await authorize(server, client, { scope }, agent));
    const claims = decodeJwt(body.id_token ?? '');
    expect(claims).to.include({ name: 'สมชาย ใจดี', email: 'somchai@example.com', email_verified: true });
    expect(claims).to.not.have.any.keys('phone_number', 'address');
  });

  it('has in a brief ID token what the claims parameter asks for, and no more', async () => {
    const brief = await createClient(server, { scope_claims_in_id_token: false });
    const claims = JSON.stringify({ id_token: { given_name: null } });
    const params = { scope: 'openid profile', claims };
    const { body } = await redeem(server, brief, await authorize(server, brief, params, agent));
    const told = decodeJwt(body.id_token ?? '');
    expect(told).to.include({ given_name: 'สมชาย' }).and.not.have.any.keys('name', 'family_name');
  });

  it('has no nonce when none was sent', async () => {
    const { body } = await redeem(server, client, await authorize(server, client, {}, agent));
    expect(decodeJwt(body.id_token ?? '')).to.not.have.property('nonce');
  });

  it('is the same for parameters in another order, and with ones that nobody knows', async () => {
    const scope = EVERYTHING.split(' ').reverse().join(' ');
    const flow = await authorize(server, client, { scope, extra: 'foobar', another: '<>"' }, agent);
    const { status, body } = await redeem(server, client, flow, { unknown: 'ignored' });
    expect(status).to.equal(200);
    expect(body.scope.split(' ')).to.have.members(EVERYTHING.split(' '));
    expect([...flow.back.searchParams.keys()]).to.have.members(['code', 'state', 'iss']);
  });
});
