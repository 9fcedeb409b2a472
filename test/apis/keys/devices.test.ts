import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { sweeper } from '../../../src/domain/sweeping/sweep.ts';
import { moveClock } from '../../support/clock.ts';
import { keyHeader, keysClient, PASSWORD } from './keys-client.ts';
import { type KeysServer, keysServer } from './keys-server.ts';

const newDevice = (): string => `APA91b${randomInt(10 ** 12)}:x_y-z`;

describe('Keys API: devices', () => {
  let server: KeysServer;
  let api: ReturnType<typeof keysClient>;

  before(async () => {
    server = await keysServer();
    api = keysClient(server);
  });
  after(() => server.stop());

  /** The accounts that have a device. */
  const ownersOf = (gcmId: string): Promise<number[]> =>
    server.database.knex('devices').where({ gcm_id: gcmId }).pluck('account_id');

  it('belong to the account that signed in on them last', async () => {
    const gcmId = newDevice();
    const first = await api.registered({ gcm_id: gcmId });
    expect(await ownersOf(gcmId)).to.deep.equal([first.id]);
    await api.login({ email: first.email, password: PASSWORD, gcm_id: gcmId });
    expect(await ownersOf(gcmId)).to.deep.equal([first.id]);
    const second = await api.registered();
    await api.login({ email: second.email, password: PASSWORD, gcm_id: gcmId });
    expect(await ownersOf(gcmId)).to.deep.equal([second.id]);
  });

  it('are nobody else’s after a wrong password', async () => {
    const gcmId = newDevice();
    const { id, email } = await api.registered({ gcm_id: gcmId });
    const stranger = await api.registered();
    await api.login({ email: stranger.email, password: 'wrong', gcm_id: gcmId });
    await api.login({ email, password: 'wrong', gcm_id: newDevice() });
    expect(await ownersOf(gcmId)).to.deep.equal([id]);
  });

  it('are several for one account', async () => {
    const [one, other] = [newDevice(), newDevice()];
    const { id, email } = await api.registered({ gcm_id: one });
    await api.login({ email, password: PASSWORD, gcm_id: other });
    expect([await ownersOf(one), await ownersOf(other)]).to.deep.equal([[id], [id]]);
  });

  it('are forgotten at logout, each with its own key', async () => {
    const [one, other] = [newDevice(), newDevice()];
    const { key, email, id } = await api.registered({ gcm_id: one });
    await api.login({ email, password: PASSWORD, gcm_id: other });
    await api.logout(keyHeader(key));
    expect([await ownersOf(one), await ownersOf(other)]).to.deep.equal([[], [id]]);
  });

  it('that have moved stay when the one before signs out', async () => {
    const gcmId = newDevice();
    const first = await api.registered({ gcm_id: gcmId });
    const second = await api.registered({ gcm_id: gcmId });
    await api.logout(keyHeader(first.key));
    expect(await ownersOf(gcmId)).to.deep.equal([second.id]);
  });

  it('are one row when twenty accounts sign in on one at once', async () => {
    const gcmId = newDevice();
    const people = await Promise.all(Array.from({ length: 5 }, () => api.registered()));
    const logins = Array.from({ length: 20 }, (_, index) => {
      const { email } = people[index % people.length] as (typeof people)[number];
      return api.login({ email, password: PASSWORD, gcm_id: gcmId });
    });
    for (const { status } of await Promise.all(logins)) expect(status).to.equal(200);
    expect(await ownersOf(gcmId)).to.have.length(1);
  });

  it('are swept when their key has ended in another way', async () => {
    const [revoked, expired, living] = [newDevice(), newDevice(), newDevice()];
    const { key } = await api.registered({ gcm_id: revoked });
    const old = await api.registered({ gcm_id: expired });
    await fetch(`${server.url}/logout`, { method: 'POST', headers: { authorization: `Bearer ${key}` } });
    await moveClock(server.database, 31 * 86_400);
    const { id } = await api.registered({ gcm_id: living });
    expect(await ownersOf(expired)).to.deep.equal([old.id]);
    await sweeper({ db: server.database.knex, size: 500, auditDays: 400 })();
    expect([await ownersOf(revoked), await ownersOf(expired), await ownersOf(living)]).to.deep.equal([
      [],
      [],
      [id],
    ]);
  });

  it('are swept when the sessions and tokens of the account end, except for the key that was kept', async () => {
    const [suspended, changed, kept] = [newDevice(), newDevice(), newDevice()];
    const { id } = await api.registered({ gcm_id: suspended });
    await server.domain.lifecycle.suspend(id);
    const { email } = await api.registered({ gcm_id: changed });
    const { body } = await api.login({ email, password: PASSWORD, gcm_id: kept });
    const answer = await fetch(`${server.url}/update-password`, {
      method: 'POST',
      headers: { authorization: `Bearer ${body.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ oldPassword: PASSWORD, newPassword: 'staple-gun-orchestra' }),
    });
    expect(answer.status).to.equal(200);
    await sweeper({ db: server.database.knex, size: 500, auditDays: 400 })();
    expect([await ownersOf(suspended), await ownersOf(changed)]).to.deep.equal([[], []]);
    expect(await ownersOf(kept)).to.have.length(1);
  });

  it('are gone with an account that is removed', async () => {
    const gcmId = newDevice();
    const { id, key } = await api.registered({ gcm_id: gcmId, longitude: 100, avatar: '/a.jpg' });
    await server.domain.lifecycle.remove(id);
    expect(await ownersOf(gcmId)).to.deep.equal([]);
    expect((await api.user(keyHeader(key))).status).to.equal(401);
    const row = await server.database.knex('accounts').where({ id }).first();
    expect(row).to.include({ location_id: null, longitude: null, latitude: null, avatar: null });
  });
});
