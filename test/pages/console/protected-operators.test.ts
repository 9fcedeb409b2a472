import { expect } from 'chai';
import { randomHex } from '../../../src/lib/ids.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { enrolApp } from '../../support/totp.ts';
import { csrfOf } from '../interaction-steps.ts';
import { alertsOf } from '../visitor.ts';
import { type Operator, operator, person } from './operator.ts';

describe('the account of an operator in the console', () => {
  let server: TestServer;
  let support: Operator;
  let admin: Operator;

  before(async () => {
    server = await testServer();
    support = await operator(server, 'support');
    admin = await operator(server, 'admin');
  });

  /** The forms that need `admin:accounts:write`, with fields that are valid for the account. */
  async function formsOf(id: number, page: string): Promise<[string, Record<string, string>][]> {
    const [authenticator] = await server.domain.heldAuthenticators.list(id);
    return [
      ['unlock', {}],
      ['sign-out', {}],
      ['suspend', {}],
      ['activate', {}],
      ['release-mobile', {}],
      ['release-national-id', {}],
      ['password-reset', { channel: 'email' }],
      ['remove-authenticator', { authenticator: authenticator?.id ?? '' }],
      ['add-contact', { kind: 'email', value: `new-${randomHex(64)}@example.com`, verified: 'true' }],
      ['profile', { nickname: 'Nok', version: /name="version" value="([^"]+)"/.exec(page)?.[1] ?? '' }],
    ];
  }

  async function statuses(one: Operator, id: number): Promise<[string, number, string[]][]> {
    const { page } = await one.open(`/console/accounts/${id}/profile`);
    const answers: [string, number, string[]][] = [];
    for (const [name, fields] of await formsOf(id, page)) {
      const { status, page: shown } = await one.send(`/console/accounts/${id}/${name}`, fields);
      answers.push([name, status, status === 303 ? [] : alertsOf({ page: shown })]);
    }
    return answers;
  }

  async function withApp(role?: 'admin'): Promise<number> {
    const { id } = await person(server, role);
    await enrolApp(server.domain, id);
    return id;
  }

  it('is changed by no form of an operator with a lower role, and each form tells why', async () => {
    const id = await withApp('admin');
    for (const [name, status, alerts] of await statuses(support, id)) {
      expect(status, name).to.equal(403);
      expect(alerts.join(' '), name).to.include('operator with a higher role');
    }
    const account = await server.domain.accounts.find(id);
    expect(account?.contacts).to.have.length(1);
    expect(await server.domain.secondFactors.isEnrolled(id)).to.equal(true);
  });

  it('is changed by an operator with the same role, and that of a customer by support', async () => {
    for (const [one, id] of [
      [admin, await withApp('admin')],
      [support, await withApp()],
    ] as const) {
      for (const [name, status] of await statuses(one, id)) expect(status, name).to.equal(303);
      expect((await server.domain.accounts.find(id))?.contacts).to.have.length(2);
    }
  });

  it('keeps its sessions and applications', async () => {
    const { id } = await person(server, 'admin');
    await support.open(`/console/accounts/${id}`);
    for (const [name, field] of [
      ['end-session', 'session'],
      ['end-application', 'client'],
    ] as const)
      expect((await support.send(`/console/accounts/${id}/${name}`, { [field]: 'x' })).status).to.equal(403);
  });

  it('makes a row of an uploaded file fail', async () => {
    const { id } = await person(server, 'admin', { externalId: `crm-${randomHex(64)}` });
    const row = { external_id: (await server.domain.accounts.find(id))?.externalId, nickname: 'Nok' };
    const upload = async (one: Operator): Promise<string> => {
      const { page } = await one.open('/console/import');
      const form = new FormData();
      form.set('csrf', csrfOf(page));
      form.set('file', new File([JSON.stringify(row)], 'accounts.ndjson'));
      const answer = await one.agent.request(`${server.url}/console/import`, {
        method: 'POST',
        body: form,
        headers: { 'sec-fetch-site': 'same-origin' },
      });
      return answer.text();
    };
    const nickname = async () => (await server.domain.accounts.find(id))?.profile.nickname;
    expect(await upload(support)).to.include('OPERATOR_PROTECTED');
    expect(await nickname()).to.equal(null);
    expect(await upload(admin)).to.not.include('OPERATOR_PROTECTED');
    expect(await nickname()).to.equal('Nok');
  });
});
