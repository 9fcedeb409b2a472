import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { signOutOthers } from '../../src/domain/sessions/sign-out-others.ts';
import { PASSWORD, somebody } from '../pages/account/visitor.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { pkce, tokenRequest } from '../support/sign-in.ts';
import { App, appClient, type Challenged } from './app-steps.ts';

const API = 'http://localhost:8080/api';

describe('the code of a sign-in inside an app', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });
  beforeEach(() => forgetCounts(server.database));

  const newApp = async (more: object = {}): Promise<App> => new App(server, await appClient(server, more));
  const userinfo = async (token: string): Promise<number> =>
    (await fetch(`${server.url}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('gives tokens for a resource, whose refresh tokens report the same sign-in', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const scope = 'openid offline_access api:read';
    const begun = await app.begin(person.email, { scope, resource: API });
    const { access_token, refresh_token = '' } = await app.tokens(
      await app.step(begun, { password: PASSWORD }),
    );
    const reported = { aud: API, scope: 'api:read', sub: String(person.id), acr: 'urn:pratu:acr:password' };
    expect(decodeJwt(access_token)).to.include(reported);
    const refreshing = { grant_type: 'refresh_token', client_id: app.client.id, refresh_token };
    const { status, body } = await tokenRequest(server.url, refreshing);
    expect(status).to.equal(200);
    expect(decodeJwt(body.access_token)).to.include(reported);
  });

  it('gives the claims that the first request asks for', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const claims = JSON.stringify({ id_token: { email: null, auth_time: { essential: true } } });
    const begun = await app.begin(person.email, { claims });
    const { id_token = '' } = await app.tokens(await app.step(begun, { password: PASSWORD }));
    expect(decodeJwt(id_token)).to.include({ email: person.email }).and.have.property('auth_time');
  });

  it('makes an access of the client, as any other', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    await app.tokens(await app.begin(person.email, { password: PASSWORD }));
    const listed = await server.domain.accessGrants.list(person.id);
    expect(JSON.stringify(listed)).to.include(app.client.id);
  });

  it('is worth nothing a second time, and then ends what it gave the first time', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const finished = await app.begin(person.email, { password: PASSWORD });
    const { access_token } = await app.tokens(finished);
    expect(await userinfo(access_token)).to.equal(200);
    expect((await app.redeem(finished)).body.error).to.equal('invalid_grant');
    expect(await userinfo(access_token)).to.equal(401);
  });

  it('needs its verifier and its client, and has no redirect URI', async () => {
    const [app, thief, person] = [await newApp(), await newApp(), await somebody(server)];
    const finished = await app.begin(person.email, { password: PASSWORD });
    const refused = [
      await app.redeem(finished, { code_verifier: pkce().verifier }),
      await app.redeem(finished, { code_verifier: undefined }),
      await app.redeem(finished, { redirect_uri: app.client.redirectUri }),
      await app.redeem(finished, { client_id: thief.client.id }),
    ];
    for (const { status, body } of refused)
      expect({ status, error: body.error }).to.deep.equal({ status: 400, error: 'invalid_grant' });
    await app.tokens(finished);
  });

  it('is the only one that needs no redirect URI: one of a page does', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const query = new URLSearchParams({
      ...{ client_id: app.client.id, response_type: 'code', redirect_uri: app.client.redirectUri },
      ...{ scope: 'openid', code_challenge: app.pkce.challenge, code_challenge_method: 'S256' },
    });
    const { agent } = person;
    const page = await (await agent.follow(`${server.url}/oauth/authorize?${query}`)).text();
    const uid = /\/interaction\/([\w-]+)\//.exec(page)?.[1];
    const answer = await agent.submit(
      `/interaction/${uid}/login`,
      { login: person.email, password: PASSWORD },
      page,
    );
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const result = await app.redeem({ body: { authorization_code: code } } as Challenged);
    expect(result.body).to.include({ error: 'invalid_request' });
  });

  it('ends with "sign out everywhere", as its tokens do', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const [first, second] = [
      await app.begin(person.email, { password: PASSWORD }),
      await app.begin(person.email, { password: PASSWORD }),
    ];
    const { access_token } = await app.tokens(first);
    await server.database.knex.transaction((db) =>
      signOutOthers({ db, keyring: server.domain.keyring, outbox: server.domain.outbox }, person.id),
    );
    expect((await app.redeem(second)).body.error).to.equal('invalid_grant');
    expect(await userinfo(access_token)).to.equal(401);
  });
});
