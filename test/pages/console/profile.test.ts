import { expect } from 'chai';
import { randomHex } from '../../../src/lib/ids.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { alertsOf } from '../visitor.ts';
import { fieldsOf } from './client-pages.ts';
import { notice, type Operator, operator, person } from './operator.ts';

describe('the profile of a person in the console', () => {
  let server: TestServer;
  let support: Operator;

  before(async () => {
    server = await startServer();
    support = await operator(server, 'support');
  });

  after(() => server.stop());

  const path = (id: number): string => `/console/accounts/${id}/profile`;
  const profileOf = async (id: number) => (await server.domain.accounts.find(id))?.profile;

  /** Opens the page, and sends its form with these fields changed. */
  async function change(id: number, fields: Record<string, string>, one = support) {
    const shown = await one.open(path(id));
    const locale = /<option value="(\w+)"[^>]* selected>/.exec(shown.page)?.[1] ?? '';
    return one.send(path(id), { ...fieldsOf(shown.page), locale, ...fields });
  }

  it('is changed, emptied and left, and the audit log names the fields only', async () => {
    const { id } = await person(server, undefined, {
      profile: { firstName: 'สมชาย', lastName: 'ใจดี', birthDate: '1990-04-13', locale: 'th' },
      externalId: `crm-${randomHex(64)}`,
    });
    const { next } = await change(id, { given_name: ' สมหญิง ', birthdate: '', reason: 'ใบเปลี่ยนชื่อ' });
    expect(next).to.equal(`${path(id)}?outcome=profile_changed`);
    expect(notice((await support.open(next)).page)).to.be.a('string');
    expect(await profileOf(id)).to.include({
      firstName: 'สมหญิง',
      lastName: 'ใจดี',
      birthDate: null,
      locale: 'th',
    });
    const { data } = await server.domain.auditSearch.page(
      { accountId: id, event: 'account.profile_changed' },
      { limit: 5 },
    );
    expect(data).to.have.length(1);
    expect(data[0]).to.deep.include({
      actor: `operator:${support.id}`,
      details: { fields: 'given_name birthdate', note: 'ใบเปลี่ยนชื่อ' },
    });
  });

  it('has the names and addresses that applications read, shown as text', async () => {
    const { id } = await person(server);
    const said = {
      ...{ middle_name: 'ชัย', nickname: 'ชาย', preferred_username: 'somchai' },
      ...{ profile: 'https://example.com/somchai', website: 'http://somchai.example.com' },
    };
    expect((await change(id, said)).status).to.equal(303);
    expect(await profileOf(id)).to.include({
      ...{ middleName: 'ชัย', nickname: 'ชาย', preferredUsername: 'somchai' },
      ...{ profileUri: said.profile, websiteUri: said.website },
    });
    const { page } = await support.open(`/console/accounts/${id}`);
    for (const value of Object.values(said)) expect(page).to.include(`<dd>${value}</dd>`);
    expect(page).to.not.include(`href="${said.profile}`);
  });

  it('is left alone by a form that changes nothing', async () => {
    const { id } = await person(server, undefined, { profile: { firstName: 'Nok', lastName: 'Dee' } });
    expect((await change(id, {})).status).to.equal(303);
    const { data } = await server.domain.auditSearch.page(
      { accountId: id, event: 'account.profile_changed' },
      { limit: 5 },
    );
    expect(data).to.have.length(0);
  });

  it('is refused with what is wrong beside its field, as it was typed', async () => {
    const { id } = await person(server);
    const taken = `crm-${randomHex(64)}`;
    await person(server, undefined, { externalId: taken });
    const wrong: [string, string, number][] = [
      ['given_name', '<b>', 400],
      ['given_name', 'x'.repeat(500), 400],
      ['family_name', '12', 400],
      ['middle_name', '12', 400],
      ['nickname', 'x'.repeat(51), 400],
      ['preferred_username', 'a@b.example', 400],
      ['profile', 'javascript:alert(1)', 400],
      ['website', 'example', 400],
      ['birthdate', '2999-01-01', 400],
      ['birthdate', '1990-02-30', 400],
      ['birthdate', 'nonsense', 400],
      ['external_id', 'x'.repeat(500), 400],
      ['external_id', taken, 409],
    ];
    for (const [field, value, status] of wrong) {
      const answer = await change(id, { [field]: value });
      const label = `${field} ${value.slice(0, 20)}`;
      expect(answer.status, label).to.equal(status);
      expect(alertsOf(answer), label).to.have.length(1);
      expect(fieldsOf(answer.page)[field], label).to.equal(value);
      expect(answer.page, label).to.match(new RegExp(`id="${field}"[^>]*aria-invalid="true"`));
    }
    expect((await change(id, { locale: 'xx' })).status).to.equal(400);
    const many = await change(id, { given_name: '1', family_name: '2', birthdate: 'x' });
    expect(alertsOf(many)).to.have.length(3);
    expect(await profileOf(id)).to.include({ firstName: null, lastName: null, birthDate: null });
  });

  it('is not changed from a page that is older than the last change', async () => {
    const { id } = await person(server, undefined, { profile: { firstName: 'Nok', lastName: 'Dee' } });
    const other = await operator(server, 'support');
    const mine = fieldsOf((await support.open(path(id))).page);
    expect((await change(id, { given_name: 'Noi' }, other)).status).to.equal(303);
    const late = await support.send(path(id), { ...mine, family_name: 'Late', locale: '' });
    expect(late.status).to.equal(412);
    expect(alertsOf(late)).to.have.length(1);
    expect(await profileOf(id)).to.include({ firstName: 'Noi', lastName: 'Dee' });
  });
});
