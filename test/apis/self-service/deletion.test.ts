import { expect } from 'chai';
import { asLastAdmin } from '../../support/last-admin.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { customersClient, newMobile } from '../customers/customers-client.ts';
import { newEmail, PASSWORD, type SelfServiceCustomer, selfServiceClient } from './self-service-client.ts';

/** Tables whose rows stay: past events, and messages that inform clients of a logout. Neither identifies a person. */
const STAYING = new Set(['accounts', 'audit', 'outbox']);

describe('Self-service API: deletion', () => {
  let server: TestServer;
  let api: ReturnType<typeof selfServiceClient>;

  before(async () => {
    server = await testServer();
    api = selfServiceClient(server);
  });

  /** The tables with a column for the account. */
  async function tablesOfAccounts(): Promise<string[]> {
    const { rows } = await server.database.knex.raw(
      `select table_name as name from information_schema.columns
       where table_schema = current_schema() and column_name = 'account_id'`,
    );
    return (rows as { name: string }[]).map(({ name }) => name);
  }

  async function rowsOf(table: string, accountId: number): Promise<Record<string, unknown>[]> {
    return server.database.knex(table).where({ account_id: accountId }).select();
  }

  /** A customer with data in every table that a person can fill. */
  async function busy(): Promise<SelfServiceCustomer & { mobile: string; refreshToken: string }> {
    const mobile = newMobile();
    const me = await api.customer({ mobile });
    const { body: tokens } = await api.signIn(me.email, PASSWORD);
    await server.domain.bindings.set(me.id, {
      provider: 'truemoney',
      externalId: `tmn.${me.id}`,
      status: '1',
    });
    await me.patch({ address: '1 Road', country: 'TH', phone: '02 1', subscriptions: ['news'] });
    await me.patch({ email: newEmail(), current_password: PASSWORD });
    return { ...me, mobile, refreshToken: tokens.refresh_token };
  }

  it('is refused to the last admin, who keeps the account', async () => {
    const me = await api.customer({ mobile: newMobile() });
    await asLastAdmin(server, me.id, async () => {
      const { status, body } = await me.remove();
      expect(status).to.equal(409);
      expect(body).to.include({ error: 'last_admin' });
    });
    expect((await me.remove()).status).to.equal(200);
  });

  it('ends everything: tokens, refresh tokens, sign-ins', async () => {
    const me = await busy();
    expect(await me.remove()).to.deep.include({ status: 200, body: { result: 'deleted' } });
    expect(await me.status()).to.equal(401);
    expect((await me.patch({ country: 'TH' })).status).to.equal(401);
    expect((await me.remove()).status).to.equal(401);
    expect((await api.refresh(me.refreshToken)).status).to.equal(400);
    expect((await api.login(me.email)).status).to.equal(401);
    for (const name of [me.email, me.mobile]) expect((await api.signIn(name, PASSWORD)).status).to.equal(400);
  });

  it('leaves nothing of the person in any table', async () => {
    const me = await busy();
    const pending = String((await me.show()).pending_email);
    const tables = await tablesOfAccounts();
    expect(tables).to.include.members(['contacts', 'subscriptions', 'mailed_secrets', 'bindings', 'records']);
    await me.remove();
    for (const table of tables.filter((name) => !STAYING.has(name)))
      expect(await rowsOf(table, me.id), table).to.deep.equal([]);

    const [account] = await server.database.knex('accounts').where({ id: me.id });
    const { id, status, generation, created_at, updated_at, deleted_at, proved_at, ...rest } = account;
    expect(status).to.equal('deleted');
    expect(Object.values(rest).filter((value) => value !== null)).to.deep.equal([]);

    const events = await rowsOf('audit', me.id);
    expect(events.map(({ event }) => event)).to.include('account.deleted');
    expect(events.every(({ details }) => JSON.stringify(details) === '{}')).to.equal(true);
    const messages = await rowsOf('outbox', me.id);
    expect(messages.filter(({ channel }) => channel !== 'logout')).to.deep.equal([]);
    const left = JSON.stringify([account, events, messages]);
    for (const text of [me.email, pending, me.mobile.slice(1), '1 Road', 'Test'])
      expect(left).not.to.include(text);
  });

  it('frees mobile and e-mail, and never gives the id again', async () => {
    const me = await busy();
    await me.remove();
    const again = await api.customer({ email: me.email, mobile: me.mobile });
    expect(again.id).to.be.greaterThan(me.id);
    expect(await again.show()).to.include({ email: me.email, mobile: me.mobile, address: null });
    expect(await me.status()).to.equal(401);
  });

  it('frees the national id, of a customer of another API too', async () => {
    const customers = customersClient(server);
    const { thaiId, bearer } = await customers.customer();
    expect((await api.send('DELETE', '/customers/self', undefined, bearer)).status).to.equal(200);
    expect((await customers.customer({ thaiId })).thaiId).to.equal(thaiId);
  });

  it('is done once, however many ask', async () => {
    const me = await busy();
    const answers = await Promise.all(Array.from({ length: 5 }, () => me.remove()));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    expect(answers.filter(({ status }) => status === 401)).to.have.length(4);
    const events = await rowsOf('audit', me.id);
    expect(events.filter(({ event }) => event === 'account.deleted')).to.have.length(1);
  });

  it('is not overtaken by a change that comes at the same time', async () => {
    const me = await busy();
    const changes = [
      me.patch({ mobile: newMobile() }),
      me.patch({ email: newEmail(), current_password: PASSWORD }),
      me.patch({ subscriptions: ['offers'], address: '2 Road' }),
    ];
    const [removed, ...changed] = await Promise.all([me.remove(), ...changes]);
    expect(removed?.status).to.equal(200);
    for (const { status } of changed) expect(status).to.be.oneOf([200, 401]);
    for (const table of ['contacts', 'subscriptions', 'mailed_secrets'])
      expect(await rowsOf(table, me.id), table).to.deep.equal([]);
    const [account] = await server.database.knex('accounts').where({ id: me.id });
    expect(account).to.include({ status: 'deleted', address: null });
  });
});
