import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient } from '../../support/clients.ts';
import { authorize, redeem, refresh, requestUrl, tokenOf } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { SOMCHAI, signInOnPages } from '../../support/sign-in.ts';

const API = 'http://localhost:8080/api';
const OPAQUE = 'http://localhost:8080/opaque';
const SCOPE = 'openid offline_access api:read';

describe('a resource', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  it('of the authorization applies to the token and the refresh request', async () => {
    const client = await createClient(server);
    const flow = await authorize(server, client, { scope: SCOPE, resource: API });
    const { body } = await redeem(server, client, flow);
    expect(decodeJwt(body.access_token)).to.include({ aud: API, scope: 'api:read' });
    const next = await refresh(server, client, body.refresh_token);
    expect(decodeJwt(next.body.access_token)).to.include({ aud: API, scope: 'api:read' });
  });

  it('must be named when several were allowed', async () => {
    const client = await createClient(server);
    const url = `${requestUrl(server, client, { scope: SCOPE, resource: API })}&resource=${OPAQUE}`;
    const redeemed = async (resource?: string) => {
      const back = await signInOnPages(new BrowserAgent(), url, SOMCHAI);
      const code = back.searchParams.get('code') ?? '';
      return redeem(server, client, { code, verifier: '' }, { code_verifier: undefined, resource });
    };
    expect((await redeemed()).body).to.include({ error: 'invalid_target' });
    expect((await redeemed(OPAQUE)).body.scope).to.equal('api:read');
  });

  it('may be the default of a client', async () => {
    const client = await createClient(server, { default_resource: API });
    const { body } = await redeem(server, client, await authorize(server, client, { scope: SCOPE }));
    expect(decodeJwt(body.access_token)).to.include({ aud: API, scope: 'api:read' });
  });

  it('may be the default of a program', async () => {
    const client = await createClient(server, {
      default_resource: API,
      grant_types: ['client_credentials'],
      client_credentials_scope: 'api:read',
    });
    const { body } = await tokenOf(server, client, { grant_type: 'client_credentials', scope: 'api:read' });
    expect(decodeJwt(body.access_token)).to.include({ aud: API, scope: 'api:read' });
  });

  it('is the default only where a scope of it is asked for', async () => {
    const client = await createClient(server, { default_resource: API });
    const { body } = await redeem(server, client, await authorize(server, client, { scope: 'openid' }));
    expect(body.scope).to.equal('openid');
    const bare = await redeem(
      server,
      client,
      await authorize(server, client, { scope: 'openid', resource: API }),
    );
    expect(decodeJwt(bare.body.access_token).aud).to.equal(API);
    expect(bare.body).to.not.have.property('scope');
  });

  it('is needed for its scopes, and has no password grant', async () => {
    const program = await createClient(server, {
      grant_types: ['client_credentials'],
      client_credentials_scope: 'api:read',
    });
    const without = await tokenOf(server, program, { grant_type: 'client_credentials', scope: 'api:read' });
    expect(without.body.error_description).to.include("'resource'");
    const client = { id: 'client', secret: 'secret', redirectUri: '' };
    const fields = { grant_type: 'password', username: SOMCHAI.login, password: SOMCHAI.password };
    expect((await tokenOf(server, client, { ...fields, resource: API })).body.error).to.equal(
      'invalid_target',
    );
    expect((await tokenOf(server, client, { ...fields, audience: API })).body.error).to.equal(
      'invalid_request',
    );
  });

  it('is not named by audience, and the answer says how', async () => {
    const client = await createClient(server, {
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      client_credentials_scope: 'api:read',
    });
    const asked = await new BrowserAgent().request(requestUrl(server, client, { audience: API }));
    const { searchParams } = new URL(asked.headers.get('location') ?? '');
    expect(searchParams.get('error')).to.equal('invalid_request');
    expect(searchParams.get('error_description')).to.include("use 'resource'");
    const program = { grant_type: 'client_credentials', scope: 'api:read', audience: API };
    const { status, body } = await tokenOf(server, client, program);
    expect(status).to.equal(400);
    expect(body).to.include({ error: 'invalid_request' });
    expect((await tokenOf(server, client, { ...program, resource: API })).status).to.equal(200);
  });
});
