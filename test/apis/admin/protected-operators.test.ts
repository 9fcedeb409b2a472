import { expect } from 'chai';
import { SCOPES } from '../../../src/apis/admin/scopes.ts';
import { ROLES } from '../../../src/domain/operators/role.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { operations } from '../../support/openapi.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { type Answer, call, clientToken, person, personToken, registerApp } from './admin-client.ts';

const WRITE = 'admin:accounts:write';
const NOBODY = '99999999-0000-4000-8000-000000000000';
/** The operations on an account that need this scope. */
const CHANGES = operations.filter(
  ({ document, id, path }) =>
    document === 'admin.yaml' && SCOPES[id] === WRITE && path.startsWith('/admin/v1/accounts/{id}'),
);

const newMail = (): string => `mail-${randomHex(64)}@example.com`;

/** A valid body for each operation that needs one. */
const BODIES: Readonly<Record<string, () => unknown>> = {
  editAccount: () => ({ nickname: 'Nok' }),
  addContact: () => ({ kind: 'email', value: newMail(), verified: true }),
  removeContact: () => ({ kind: 'email', value: newMail() }),
  sendPasswordReset: () => ({ channel: 'email' }),
};

describe('the account of an operator in the Admin API', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
    await registerApp(server);
  });

  const change = ({ id, method, path }: (typeof CHANGES)[number], token: string, account: number) => {
    const route = path.replace('/admin/v1', '').replace('{id}', String(account));
    const body = BODIES[id]?.();
    return call(server, token, [method.toUpperCase(), route.replaceAll(/\{\w+\}/g, NOBODY)], { body });
  };

  /** The operations that were refused because the account is an operator's. */
  async function refused(token: string, account: number): Promise<string[]> {
    const codes: [string, Answer['body']][] = [];
    for (const one of CHANGES) codes.push([one.id, (await change(one, token, account)).body?.code]);
    return codes.filter(([, code]) => code === 'OPERATOR_PROTECTED').map(([id]) => id);
  }

  const tokenOf = async (role: (typeof ROLES)[number], scope = WRITE): Promise<string> =>
    personToken(server, (await person(server, role)).email, scope);

  it('is changed by no operation of an operator with a lower role', async () => {
    expect(CHANGES.length).to.be.above(10);
    const { id } = await person(server, 'admin');
    expect(await refused(await tokenOf('support'), id)).to.have.members(CHANGES.map((one) => one.id));
    const account = await server.domain.accounts.find(id);
    expect(account).to.deep.include({ status: 'active' });
    expect(account?.contacts).to.have.length(1);
    expect(account?.profile.nickname).to.equal(null);
    const [first] = CHANGES;
    const answer = first && (await change(first, await tokenOf('support'), id));
    expect(answer).to.include({ status: 403, type: 'application/problem+json' });
  });

  it('is protected while it is suspended', async () => {
    const { id } = await person(server, 'admin');
    await server.domain.lifecycle.suspend(id);
    expect(await refused(await tokenOf('support'), id)).to.include('reactivateAccount');
  });

  it('is changed with the same role or a higher one, and that of a customer with the scope', async () => {
    for (const [caller, role] of [
      ['support', undefined],
      ['support', 'viewer'],
      ['support', 'support'],
      ['admin', 'admin'],
    ] as const) {
      const { id } = await person(server, role);
      expect(await refused(await tokenOf(caller), id), `${caller} ${role}`).to.deep.equal([]);
      expect((await server.domain.accounts.find(id))?.profile.nickname).to.equal('Nok');
    }
  });

  it('is changed by a client only with the scope to change operators', async () => {
    const [weak, strong] = [
      await clientToken(server, WRITE),
      await clientToken(server, `${WRITE} admin:operators:write`),
    ];
    for (const role of ROLES) {
      const { id } = await person(server, role);
      expect(await refused(weak, id), role).to.have.length(CHANGES.length);
      expect(await refused(strong, id), role).to.deep.equal([]);
    }
    expect(await refused(weak, (await person(server)).id)).to.deep.equal([]);
  });

  it('is erased by a client only with the scope to change operators', async () => {
    const { id } = await person(server, 'viewer');
    const erase = async (scope: string) =>
      (await call(server, await clientToken(server, scope), ['DELETE', `/accounts/${id}`])).status;
    expect(await erase('admin:accounts:erase')).to.equal(403);
    expect(await erase('admin:accounts:erase admin:operators:write')).to.equal(204);
  });

  it('makes a row of an import fail alone', async () => {
    const row = () => ({ external_id: `crm-${randomHex(64)}`, email: newMail(), email_verified: true });
    const [customer, admin] = [row(), row()];
    const send = async (token: string, rows: readonly object[], query = '') => {
      const response = await fetch(`${server.url}/admin/v1/accounts/import${query}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
        body: rows.map((one) => JSON.stringify(one)).join('\n'),
      });
      const lines = (await response.text()).trim().split('\n');
      return lines.slice(0, -1).map((line) => JSON.parse(line));
    };
    const support = await tokenOf('support');
    const [, created] = await send(support, [customer, admin]);
    await server.domain.operators.add(Number(created.id), 'admin');
    const changed = [customer, admin].map((one) => ({ ...one, email: newMail() }));
    for (const query of ['?dry_run=true', '']) {
      const reports = await send(support, changed, query);
      expect(reports.map(({ status }) => status)).to.deep.equal(['updated', 'failed']);
      expect(reports[1].errors[0]).to.include({ pointer: '', code: 'OPERATOR_PROTECTED' });
    }
    const account = await server.domain.accounts.find(Number(created.id));
    expect(account?.contacts.map(({ value }) => value)).to.deep.equal([admin.email]);
    expect((await send(support, [admin]))[0].status, 'nothing to change').to.equal('unchanged');
    const again = await call(server, support, ['POST', '/accounts'], { body: changed[1] });
    expect(again.body.code).to.equal('EXTERNAL_ID_TAKEN');
    const reports = await send(await tokenOf('admin'), changed);
    expect(reports.map(({ status }) => status)).to.deep.equal(['unchanged', 'updated']);
  });
});
