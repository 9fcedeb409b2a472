import { expect } from 'chai';
import { randomHex } from '../../../src/lib/ids.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { newContacts } from '../account/visitor.ts';
import { csrfOf } from '../interaction-steps.ts';
import { alertsOf } from '../visitor.ts';
import { fieldsOf } from './client-pages.ts';
import { notice, type Operator, operator, person } from './operator.ts';

const PATH = '/console/new-account';

describe('a new account in the console', () => {
  let server: TestServer;
  let support: Operator;

  before(async () => {
    server = await startServer();
    support = await operator(server, 'support');
  });

  after(() => server.stop());

  async function create(fields: Record<string, string>) {
    await support.open(PATH);
    return support.send(PATH, fields);
  }

  it('is created with what was entered, and its page says so', async () => {
    const { mobile, email } = newContacts();
    const { status, next } = await create({
      mobile,
      mobile_verified: 'true',
      email,
      given_name: ' สมชาย ',
      birthdate: '1990-04-13',
      locale: 'th',
      reason: 'at the counter',
    });
    expect(status).to.equal(303);
    const id = Number(/^\/console\/accounts\/(\d+)\?outcome=account_created$/.exec(next)?.[1]);
    const account = await server.domain.accounts.find(id);
    expect(account?.profile).to.include({ firstName: 'สมชาย', birthDate: '1990-04-13', locale: 'th' });
    expect(account?.contacts.map(({ kind, verified }) => [kind, verified])).to.have.deep.members([
      ['mobile', true],
      ['email', false],
    ]);
    expect(await server.domain.credentials.has(id)).to.equal(false);
    expect(notice((await support.open(next)).page)).to.be.a('string');
    const { data } = await server.domain.auditSearch.page(
      { accountId: id, event: 'account.created' },
      { limit: 5 },
    );
    expect(data[0]).to.include({ actor: `operator:${support.id}` });
    expect(data[0]?.details.note).to.equal('at the counter');
  });

  it('is refused with what is wrong beside its field, as it was typed', async () => {
    const { email: taken } = await person(server);
    const externalId = `crm-${randomHex(64)}`;
    await person(server, undefined, { externalId });
    const wrong: [string, string, number][] = [
      ['mobile', '123', 400],
      ['email', 'nonsense', 400],
      ['given_name', '<b>', 400],
      ['birthdate', '2999-01-01', 400],
      ['external_id', externalId, 409],
    ];
    for (const [field, value, status] of wrong) {
      const answer = await create({ email: newContacts().email, [field]: value });
      expect(answer.status, field).to.equal(status);
      expect(alertsOf(answer), field).to.have.length(1);
      expect(fieldsOf(answer.page)[field], field).to.equal(value);
      expect(answer.page, field).to.match(new RegExp(`id="${field}"[^>]*aria-invalid="true"`));
    }
    const stranger = await create({ email: taken, email_verified: 'true' });
    expect([stranger.status, alertsOf(stranger).length]).to.deep.equal([409, 1]);
    expect(stranger.page).to.match(/id="email_verified"[^>]* checked/);
    const empty = await create({ given_name: 'Nok' });
    expect([empty.status, alertsOf(empty).length]).to.deep.equal([400, 1]);
  });

  it('is created once by a form that comes twice', async () => {
    const { email } = newContacts();
    const csrf = csrfOf((await support.open(PATH)).page);
    const answers = await Promise.all([1, 2].map(() => support.send(PATH, { csrf, email })));
    expect(answers.map(({ status }) => status)).to.deep.equal([303, 303]);
    expect(answers[0]?.next).to.equal(answers[1]?.next);
  });
});
