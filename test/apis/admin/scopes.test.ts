import { expect } from 'chai';
import { SCOPES } from '../../../src/apis/admin/scopes.ts';
import { ADMIN_SCOPES, ROLES, type Role, scopesOfRole } from '../../../src/domain/operators/role.ts';
import { operations } from '../../support/openapi.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { tokensByPassword } from '../../support/sign-in.ts';
import { call, clientToken, person, personToken, registerApp } from './admin-client.ts';

const ALL = ADMIN_SCOPES.join(' ');
/** An id that names no account, session or client: these tests are about permissions only. */
const NOBODY = '999999999';
const described = operations.filter(({ document }) => document === 'admin.yaml');

describe('every route of the Admin API', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
    await registerApp(server);
  });

  after(() => server.stop());

  const routeOf = ({ method, path }: { method: string; path: string }): [string, string] => [
    method.toUpperCase(),
    path.replace('/admin/v1', '').replaceAll(/\{\w+\}/g, NOBODY),
  ];

  const statusOf = async (token: string | undefined, one: (typeof described)[number]): Promise<number> => {
    const hasBody = ['post', 'patch'].includes(one.method);
    return (await call(server, token, routeOf(one), hasBody ? { body: {} } : {})).status;
  };

  it('has a scope', () => {
    expect(Object.keys(SCOPES)).to.have.members(described.map(({ id }) => id));
    expect(described.length).to.be.above(20);
  });

  it('is closed without a token, and with one of a customer for another audience', async () => {
    const { access_token: global } = await tokensByPassword(server.url, { scope: 'openid global' });
    for (const one of described)
      for (const token of [undefined, 'nonsense', global]) {
        const answer = await call(server, token, routeOf(one));
        expect(answer.status, `${one.id} with ${token}`).to.equal(401);
        expect(answer.body).to.include({ code: 'INVALID_TOKEN' });
        expect(answer.headers.get('www-authenticate')).to.include('invalid_token');
      }
  });

  it('is open to a client with its scope only', async () => {
    const tokens = new Map<string, string>();
    for (const scope of ADMIN_SCOPES) tokens.set(scope, await clientToken(server, scope));
    for (const one of described)
      for (const scope of ADMIN_SCOPES) {
        const needed = SCOPES[one.id];
        // the keys must not change for other tests
        if (one.id === 'rotateKeys' && scope === needed) continue;
        const status = await statusOf(tokens.get(scope), one);
        const label = `${one.id} with ${scope}`;
        if (scope === needed) expect(status, label).to.not.be.oneOf([401, 403]);
        else expect(status, label).to.equal(403);
      }
    const refused = await call(server, tokens.get('admin:audit:read'), ['GET', '/overview']);
    expect(refused.headers.get('www-authenticate')).to.include('scope="admin:overview:read"');
    expect(refused).to.include({ type: 'application/problem+json' });
    expect(refused.body).to.include({ code: 'INSUFFICIENT_SCOPE', status: 403 });
  });

  it('is open to an operator as far as the role allows, whatever the token says', async () => {
    const holders: [Role | undefined, string][] = [];
    for (const role of [undefined, ...ROLES]) {
      const { email } = await person(server, role);
      holders.push([role, await personToken(server, email, ALL)]);
    }
    for (const one of described)
      for (const [role, token] of holders) {
        const isAllowed = scopesOfRole(role).has(SCOPES[one.id] as string);
        if (one.id === 'rotateKeys' && isAllowed) continue;
        const status = await statusOf(token, one);
        const label = `${one.id} as ${role}`;
        if (isAllowed) expect(status, label).to.not.be.oneOf([401, 403]);
        else expect(status, label).to.equal(403);
      }
  });

  it('closes at once when the role or the account goes', async () => {
    const { id, email } = await person(server, 'support');
    const token = await personToken(server, email, ALL);
    const read = async () => (await call(server, token, ['GET', '/accounts'])).status;
    expect(await read()).to.equal(200);
    await server.domain.operators.add(id, 'viewer');
    expect(await read()).to.equal(403);
    await server.domain.operators.add(id, 'admin');
    expect(await read()).to.equal(200);
    await server.domain.operators.remove(id);
    expect(await read()).to.equal(403);
    await server.domain.operators.add(id, 'admin');
    await server.domain.lifecycle.suspend(id);
    expect(await read()).to.equal(401);
  });

  it('is closed to a client that registered itself, and to scopes that were taken from one', async () => {
    const { clients, clientCache } = server.domain;
    const stored = await clients.find('admin-api');
    const token = await clientToken(server, ALL);
    const read = async () => (await call(server, token, ['GET', '/overview'])).status;
    expect(await read()).to.equal(200);
    const metadata = stored?.metadata as NonNullable<typeof stored>['metadata'];
    await clients.change({ ...metadata, client_credentials_scope: 'admin:audit:read' });
    expect(await read()).to.equal(403);
    await clients.change(metadata);
    await server.database.knex('clients').where({ id: 'admin-api' }).update({ dynamic: true });
    clientCache.clear();
    expect(await read()).to.equal(401);
    await server.database.knex('clients').where({ id: 'admin-api' }).update({ dynamic: false });
    clientCache.clear();
  });
});
