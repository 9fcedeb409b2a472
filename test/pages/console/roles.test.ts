import { expect } from 'chai';
import { startServer, type TestServer } from '../../support/server.ts';
import { notice, type Operator, operator, person } from './operator.ts';

describe('roles in the console', () => {
  let server: TestServer;
  let admin: Operator;

  before(async () => {
    server = await startServer({ roles: ['editor', 'shop:refunds'] as never });
    admin = await operator(server, 'admin');
  });

  after(() => server.stop());

  it('are added and removed by admins, and seen by support', async () => {
    const { id } = await person(server);
    const path = `/console/accounts/${id}/roles`;
    expect((await admin.open(path)).page).to.include('<option>editor</option>');
    const added = await admin.send(`/console/accounts/${id}/add-role`, { role: 'editor' });
    expect(added.next).to.equal(`${path}?outcome=role_added`);
    expect(notice((await admin.open(added.next)).page)).to.equal('The role was added.');
    const support = await operator(server, 'support');
    const { page } = await support.open(path);
    expect(page)
      .to.include('<strong>editor</strong>')
      .and.not.include('<form method="post" action="/console/accounts');
    const removed = await admin.send(`/console/accounts/${id}/remove-role`, { role: 'editor' });
    expect(removed.next).to.equal(`${path}?outcome=role_removed`);
    expect(await server.domain.accountRoles.of(id)).to.deep.equal([]);
  });

  it('that are unknown are refused on the page', async () => {
    const { id } = await person(server);
    await admin.open(`/console/accounts/${id}/roles`);
    const { status, page } = await admin.send(`/console/accounts/${id}/add-role`, { role: 'owner' });
    expect(status).to.equal(400);
    expect(page).to.include('This role is not in the setting roles.');
  });

  it('that the configuration no longer names are shown as such, and can be removed', async () => {
    const { id } = await person(server);
    await server.database.knex('account_roles').insert({ account_id: id, role: 'gone' });
    const path = `/console/accounts/${id}/roles`;
    expect((await admin.open(path)).page).to.include('No longer in the configuration');
    expect((await admin.send(`/console/accounts/${id}/remove-role`, { role: 'gone' })).status).to.equal(303);
  });
});
