import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { type TestServer, testServer } from '../../support/server.ts';
import { enrolApp } from '../../support/totp.ts';
import { call, clientToken, person } from './admin-client.ts';

describe('authenticators of an account in the Admin API', () => {
  let server: TestServer;
  let token: string;

  before(async () => {
    server = await testServer();
    token = await clientToken(server, 'admin:accounts:read admin:accounts:write');
  });

  const remove = (accountId: number, id: string, headers = {}) =>
    call(server, token, ['DELETE', `/accounts/${accountId}/authenticators/${id}`], { headers });

  async function listed(accountId: number): Promise<Record<string, string>[]> {
    const { body } = await call(server, token, ['GET', `/accounts/${accountId}`]);
    return body.authenticators;
  }

  it('are listed, and an app is removed for an owner who has lost it', async () => {
    const { id } = await person(server);
    await enrolApp(server.domain, id);
    const [password, app] = await listed(id);
    expect(password).to.include({ id: 'password', method: 'password', name: null });
    expect(app).to.include({ method: 'totp' });
    expect(app).to.have.all.keys('id', 'method', 'name', 'created_at', 'last_used_at');
    const told = async (): Promise<number> =>
      (await server.database.knex('outbox').where({ account_id: id, kind: 'second-factor-changed' })).length;
    const before = await told();
    expect((await remove(id, app?.id ?? '', { 'X-Reason': 'lost phone' })).status).to.equal(204);
    expect(await told()).to.equal(before + 1);
    expect(await listed(id)).to.have.length(1);
    expect(await server.domain.secondFactors.isEnrolled(id)).to.equal(false);
    const { data } = await server.domain.auditSearch.page(
      { accountId: id, event: 'second_factor.removed' },
      { limit: 9 },
    );
    expect(data).to.have.length(1);
    expect(data[0]).to.deep.include({
      actor: 'client:admin-api',
      details: { method: 'totp', note: 'lost phone' },
    });
    expect((await remove(id, app?.id ?? '')).body, 'again').to.include({ code: 'NOT_FOUND', status: 404 });
  });

  it('that the owner says are lost are shown with the date, until one is removed', async () => {
    const { id } = await person(server);
    const app = await enrolApp(server.domain, id);
    const shown = async () =>
      (await call(server, token, ['GET', `/accounts/${id}`])).body.second_factor_recovery;
    expect(await shown()).to.equal(null);
    await server.domain.secondFactorRecoveries.begin(id);
    const { requested_at: requested, available_at: available } = await shown();
    expect(Date.parse(available) - Date.parse(requested)).to.equal(72 * 3_600_000);
    const { data } = await server.domain.auditSearch.page(
      { accountId: id, event: 'second_factor.recovery_requested' },
      { limit: 9 },
    );
    expect(data[0]?.details).to.deep.equal({ until: available });
    const [, { id: authenticator = '' } = {}] = await listed(id);
    expect((await remove(id, authenticator, { 'X-Reason': 'lost' })).status).to.equal(204);
    expect(await shown()).to.equal(null);
    expect(app.recoveryCodes).to.have.length(10);
  });

  it('are not found under another account, nor before they are confirmed, nor by what is no id of an app', async () => {
    const [owner, other] = [await person(server), await person(server)];
    await enrolApp(server.domain, owner.id);
    const app = (await listed(owner.id)).at(-1)?.id ?? '';
    expect((await remove(other.id, app)).status).to.equal(404);
    for (const id of ['password', 'x', '%27', '%00', randomUUID()])
      expect((await remove(owner.id, id)).status, id).to.be.oneOf([400, 404]);
    expect((await remove(999_999_999, app)).status).to.equal(404);
    expect(await listed(owner.id)).to.have.length(2);
    await server.domain.secondFactors.begin(other.id, 'App');
    const pending = await server.database.knex('authenticators').where({ account_id: other.id }).first('id');
    expect((await remove(other.id, pending.id)).status).to.equal(404);
    expect(await server.domain.secondFactors.pending(other.id)).to.be.a('string');
  });
});
