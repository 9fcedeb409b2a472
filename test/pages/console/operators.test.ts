import { expect } from 'chai';
import { resetClock, setClock } from '../../support/clock.ts';
import { asLastAdmin } from '../../support/last-admin.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { alertsOf } from '../visitor.ts';
import { notice, type Operator, operator, person } from './operator.ts';

const PATH = '/console/operators';

describe('operators in the console', () => {
  let server: TestServer;
  let admin: Operator;

  before(async () => {
    server = await startServer();
  });

  beforeEach(async () => {
    admin = await operator(server, 'admin');
  });

  afterEach(() => resetClock());

  after(() => server.stop());

  const roleOf = (id: number) => server.domain.operators.roleOf(id);

  const add = async (fields: Record<string, string>) => {
    await admin.open(PATH);
    return admin.send(PATH, fields);
  };

  /** Sends a form on the page of an operator. */
  async function act(id: number | string, form: 'change' | 'remove', fields: Record<string, string> = {}) {
    await admin.open('/console');
    return admin.send(`${PATH}/${id}/${form}`, fields);
  }

  it('are added by any identifier of the account, changed and removed, each with its event', async () => {
    const { id, email } = await person(server);
    const added = await add({ account: ` ${email.toUpperCase()} `, role: 'viewer', reason: 'new shift' });
    expect(added.next).to.equal(`${PATH}?outcome=operator_added`);
    expect(notice((await admin.open(added.next)).page)).to.be.a('string');
    expect(await roleOf(id)).to.equal('viewer');
    const changed = await act(id, 'change', { role: 'support' });
    expect(changed.next).to.equal(`${PATH}?outcome=operator_changed`);
    expect(await roleOf(id)).to.equal('support');
    expect((await act(id, 'remove')).next).to.equal(`${PATH}?outcome=operator_removed`);
    expect(await roleOf(id)).to.equal(undefined);
    const { data } = await server.domain.auditSearch.page(
      { accountId: id, actor: `operator:${admin.id}` },
      { limit: 9 },
    );
    expect(data.map(({ event, details }) => [event, details.role, details.note])).to.deep.equal([
      ['operator.removed', undefined, undefined],
      ['operator.changed', 'support', undefined],
      ['operator.added', 'viewer', 'new shift'],
    ]);
  });

  it('are refused for an account that does not exist or is not active, or an unknown role', async () => {
    const suspended = await person(server);
    await server.domain.lifecycle.suspend(suspended.id);
    for (const account of ['', 'nobody@example.com', '999999999', suspended.email, '__proto__']) {
      const answer = await add({ account, role: 'admin' });
      expect(answer.status, account).to.equal(400);
      expect(alertsOf(answer), account).to.have.length(1);
      expect(answer.page, account).to.include(`value="${account}"`);
      expect(answer.page, account).to.match(/<option value="admin" selected>/);
    }
    const { id, email } = await person(server);
    for (const role of ['', 'root', 'constructor', 'ADMIN'])
      expect((await add({ account: email, role })).status, role).to.equal(400);
    expect((await act(admin.id, 'change', { role: 'root' })).status).to.equal(400);
    expect(await roleOf(id)).to.equal(undefined);
    for (const account of ['abc', '-1', 'NaN', '1e3', '99999999999999999999', String(id)]) {
      expect((await admin.open(`${PATH}/${account}`)).status, account).to.equal(404);
      expect((await act(account, 'change', { role: 'viewer' })).status, account).to.equal(404);
      expect((await act(account, 'remove')).status, account).to.equal(404);
    }
    expect(await roleOf(id)).to.equal(undefined);
  });

  it('keep their last admin, who is told why', async () => {
    await asLastAdmin(server, admin.id, async () => {
      // a session ends with the role, even when the account gets it back
      await admin.signIn();
      for (const [form, fields] of [
        ['remove', {}],
        ['change', { role: 'viewer' }],
      ] as const) {
        const answer = await act(admin.id, form, fields);
        expect(answer.status, form).to.equal(409);
        expect(alertsOf(answer).join(), form).to.match(/last|other admin/i);
        expect(await roleOf(admin.id)).to.equal('admin');
      }
      await admin.open(`/console/accounts/${admin.id}`);
      for (const [form, fields] of [
        ['erase', { confirmation: String(admin.id) }],
        ['suspend', {}],
      ] as const) {
        await admin.open(`/console/accounts/${admin.id}`);
        const answer = await admin.send(`/console/accounts/${admin.id}/${form}`, fields);
        expect(answer.status, form).to.equal(409);
        expect(alertsOf(answer), form).to.have.length(1);
      }
    });
  });

  it('do not both go when two admins remove each other at once', async () => {
    const other = await operator(server, 'admin');
    await asLastAdmin(server, admin.id, async () => {
      await server.domain.operators.add(other.id, 'admin');
      await Promise.all([admin.signIn(), other.signIn()]);
      await Promise.all([admin.open(PATH), other.open(PATH)]);
      const answers = await Promise.all([
        admin.send(`${PATH}/${other.id}/remove`),
        other.send(`${PATH}/${admin.id}/remove`),
      ]);
      const left = await Promise.all([roleOf(admin.id), roleOf(other.id)]);
      expect(
        left.filter((role) => role === 'admin'),
        JSON.stringify(answers.map(({ status }) => status)),
      ).to.have.length(1);
    });
  });

  it('that lower themselves leave the page', async () => {
    const { next } = await act(admin.id, 'change', { role: 'viewer' });
    expect((await admin.open(next)).status).to.equal(403);
    expect((await admin.open('/console')).status).to.equal(200);
  });

  it('are changed after an authentication of the last five minutes only', async () => {
    const { id, email } = await person(server);
    await setClock(server.database, 400);
    for (const answer of [
      await add({ account: email, role: 'admin' }),
      await act(admin.id, 'change', { role: 'viewer' }),
      await act(admin.id, 'remove'),
    ])
      expect(answer.next).to.include('/oauth/authorize');
    expect([await roleOf(id), await roleOf(admin.id)]).to.deep.equal([undefined, 'admin']);
  });
});
