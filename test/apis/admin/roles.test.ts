import { expect } from 'chai';
import { startServer, type TestServer } from '../../support/server.ts';
import { type Answer, call, clientToken, person } from './admin-client.ts';

describe('roles in the Admin API', () => {
  let server: TestServer;
  let token = '';

  before(async () => {
    server = await startServer({ roles: ['editor', 'shop:refunds'] as never });
    token = await clientToken(server, 'admin:accounts:read admin:roles:write');
  });

  after(() => server.stop());

  const ask = (method: string, path: string, body?: unknown): Promise<Answer> =>
    call(server, token, [method, path], body === undefined ? {} : { body });

  it('are added, listed and removed, each recorded once', async () => {
    const { id } = await person(server);
    const path = `/accounts/${id}/roles`;
    const configured = ['editor', 'shop:refunds'];
    expect((await ask('GET', path)).body).to.deep.equal({ data: [], unconfigured: [], configured });
    for (const _ of [1, 2]) {
      const { status, body } = await ask('POST', path, { role: 'shop:refunds' });
      expect({ status, body }).to.deep.equal({
        status: 200,
        body: { data: ['shop:refunds'], unconfigured: [], configured },
      });
    }
    expect((await ask('DELETE', `${path}/shop%3Arefunds`)).status).to.equal(204);
    const gone = await ask('DELETE', `${path}/shop%3Arefunds`);
    expect(gone.body).to.include({ status: 404, code: 'ROLE_NOT_ASSIGNED' });
    const { data } = await server.domain.auditSearch.page({ accountId: id }, { limit: 20 });
    const events = data.filter(({ event }) => event.startsWith('account.role_'));
    expect(events.map(({ event, actor, details }) => [event, actor, details])).to.deep.equal([
      ['account.role_removed', 'client:admin-api', { role: 'shop:refunds' }],
      ['account.role_added', 'client:admin-api', { role: 'shop:refunds' }],
    ]);
  });

  it('are refused with what is wrong', async () => {
    const { id } = await person(server);
    const path = `/accounts/${id}/roles`;
    const unknown = await ask('POST', path, { role: 'owner' });
    expect(unknown.body).to.include({ status: 400, code: 'UNKNOWN_ROLE' });
    expect(unknown.body.errors[0]).to.include({ pointer: '/role' });
    for (const body of [{}, { role: 1 }, { role: 'editor', more: true }])
      expect((await ask('POST', path, body)).status, JSON.stringify(body)).to.equal(400);
    for (const nobody of ['999999999', 'x'])
      expect((await ask('POST', `/accounts/${nobody}/roles`, { role: 'editor' })).status).to.equal(404);
    await server.domain.lifecycle.remove(id);
    expect((await ask('POST', path, { role: 'editor' })).body).to.include({ code: 'ACCOUNT_DELETED' });
  });
});
