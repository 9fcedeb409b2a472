import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { PASSWORD, person } from '../apis/admin/admin-client.ts';
import { ask, cibaClient, poll, requestsOn, SETTINGS } from '../oidc/backchannel/backchannel-steps.ts';
import { somebody, PASSWORD as VISITORS } from '../pages/account/visitor.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient, initialAccessToken, type TestClient } from '../support/clients.ts';
import {
  authorize,
  introspect,
  type Parameters,
  redeem,
  refresh,
  tokenOf,
  userinfo,
} from '../support/code-flow.ts';
import { startServer, type TestServer } from '../support/server.ts';

const API = 'https://roles.example.com/';
const SCOPE = 'openid roles offline_access';

describe('roles of an account', () => {
  let server: TestServer;
  let client: TestClient;

  before(async () => {
    server = await startServer({
      roles: ['editor', 'refunds', 'auditor'] as never,
      ciba: { ...SETTINGS, interval: 1 },
      resources: [{ identifier: API, scopes: ['api:read'], tokens: 'jwt' }] as never,
    });
    client = await createClient(server, {
      first_party: true,
      scope: SCOPE,
      scope_claims_in_id_token: true,
      grant_types: ['authorization_code', 'refresh_token', 'password'],
      allowed_roles: ['editor', 'auditor'],
    });
  });

  after(() => server.stop());

  const someone = async (...roles: string[]) => {
    const { id, email } = await person(server);
    for (const role of roles) await server.domain.accountRoles.add(id, role);
    return { id, login: email, password: PASSWORD };
  };

  async function tokensOf(login: { login: string; password: string }, one = client, more: Parameters = {}) {
    const code = await authorize(server, one, { scope: SCOPE, ...more }, new BrowserAgent(), login);
    const { body } = await redeem(server, one, code);
    return body;
  }

  const rolesAt = async (token: string): Promise<unknown> =>
    ((await (await userinfo(server, token)).json()) as { roles?: unknown }).roles;

  it('are those that the client is allowed to receive, in userinfo, the ID token and introspection', async () => {
    const tokens = await tokensOf(await someone('editor', 'refunds'));
    expect(await rolesAt(tokens.access_token)).to.deep.equal(['editor']);
    expect(decodeJwt(tokens.id_token as string).roles).to.deep.equal(['editor']);
    expect((await introspect(server, client, tokens.access_token)).body.roles).to.deep.equal(['editor']);
  });

  it('are in JWT access tokens of a resource', async () => {
    const tokens = await tokensOf(await someone('auditor', 'editor'), client, {
      scope: `${SCOPE} api:read`,
      resource: API,
    });
    expect(decodeJwt(tokens.access_token)).to.deep.include({ aud: API, roles: ['auditor', 'editor'] });
  });

  it('are an empty list of an account without any', async () => {
    expect(await rolesAt((await tokensOf(await someone())).access_token)).to.deep.equal([]);
  });

  it('are not returned without the scope, nor to a client without allowed_roles', async () => {
    const somebody = await someone('editor');
    const without = await tokensOf(somebody, client, {
      scope: 'openid',
      claims: '{"userinfo":{"roles":null}}',
    });
    expect(await rolesAt(without.access_token)).to.equal(undefined);
    expect((await introspect(server, client, without.access_token)).body).to.not.have.property('roles');
    const other = await createClient(server, { first_party: true, scope: SCOPE });
    const empty = await tokensOf(somebody, other);
    expect(await rolesAt(empty.access_token)).to.deep.equal([]);
    expect((await introspect(server, other, empty.access_token)).body.roles).to.deep.equal([]);
  });

  it('are missing from the next token when one was taken away', async () => {
    const somebody = await someone('editor', 'auditor');
    const tokens = await tokensOf(somebody);
    await server.domain.accountRoles.remove(somebody.id, 'editor');
    const next = (await refresh(server, client, tokens.refresh_token)).body;
    expect(decodeJwt(next.id_token as string).roles).to.deep.equal(['auditor']);
    expect((await introspect(server, client, next.access_token)).body.roles).to.deep.equal(['auditor']);
    const less = (
      await refresh(server, client, next.refresh_token ?? tokens.refresh_token, { scope: 'openid' })
    ).body;
    expect((await introspect(server, client, less.access_token)).body).to.not.have.property('roles');
  });

  it('are in tokens by password and by backchannel authentication, as they are then', async () => {
    const owner = await somebody(server);
    for (const role of ['editor', 'auditor']) await server.domain.accountRoles.add(owner.id, role);
    const rolesOf = async (token: unknown, one = client) =>
      (await introspect(server, one, String(token))).body.roles as unknown;
    const ciba = await cibaClient(server, { scope: SCOPE, allowed_roles: ['editor', 'auditor'] });
    const byPassword = async () =>
      (
        await tokenOf(server, client, {
          ...{ grant_type: 'password', username: owner.email, password: VISITORS, scope: 'openid roles' },
        })
      ).body.access_token;
    const approved = async () => {
      const asked = await ask(server, ciba, { login_hint: owner.email, scope: SCOPE });
      const [request = ''] = requestsOn((await owner.open('/account/approvals')).page);
      await owner.send('/account/approvals/approve', { request }, { on: '/account/approvals' });
      return (await poll(server, ciba, asked)).body.access_token;
    };
    await owner.signIn('/account/approvals');
    expect(await rolesOf(await byPassword())).to.deep.equal(['auditor', 'editor']);
    expect(await rolesOf(await approved(), ciba)).to.deep.equal(['auditor', 'editor']);
    await server.domain.accountRoles.remove(owner.id, 'editor');
    expect(await rolesOf(await byPassword())).to.deep.equal(['auditor']);
    expect(await rolesOf(await approved(), ciba)).to.deep.equal(['auditor']);
  });

  it('are not returned once the configuration does not name them', async () => {
    const { id, ...login } = await someone('editor');
    await server.database.knex('account_roles').insert({ account_id: id, role: 'gone' });
    await server.domain.clients.change({
      ...(await server.domain.clients.find(client.id))?.metadata,
      allowed_roles: ['editor', 'auditor', 'gone'],
    } as never);
    expect(await rolesAt((await tokensOf(login)).access_token)).to.deep.equal(['editor']);
    expect(await server.domain.accountRoles.list(id)).to.deep.equal({
      roles: ['editor'],
      unconfigured: ['gone'],
    });
    await server.domain.accountRoles.remove(id, 'gone');
    expect(await server.domain.accountRoles.list(id)).to.deep.equal({ roles: ['editor'], unconfigured: [] });
  });

  it('are announced, and no client gives itself their scope or names', async () => {
    const discovery = await (await fetch(`${server.url}/.well-known/openid-configuration`)).json();
    expect(discovery.scopes_supported).to.include('roles');
    expect(discovery.claims_supported).to.include('roles');
    const token = await initialAccessToken(server);
    for (const more of [{ scope: 'openid roles' }, { allowed_roles: ['editor'] }]) {
      const response = await fetch(`${server.url}/oauth/register`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['https://rp.example/cb'], ...more }),
      });
      expect(response.status).to.equal(400);
      expect((await response.json()).error).to.equal('invalid_client_metadata');
    }
  });

  it('go with the account, and are in its export', async () => {
    const { id } = await someone('editor');
    expect((await server.domain.accountExport.collect(id)).roles).to.deep.equal(['editor']);
    await server.domain.lifecycle.remove(id);
    expect(await server.database.knex('account_roles').where({ account_id: id })).to.deep.equal([]);
  });

  it('are returned to a third party after consent', async () => {
    const third = await createClient(server, { scope: SCOPE, allowed_roles: ['editor'] });
    const somebody = await someone('editor');
    expect(await rolesAt((await tokensOf(somebody, third)).access_token)).to.deep.equal(['editor']);
  });
});
