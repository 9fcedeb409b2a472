import { expect } from 'chai';
import { startServer, type TestServer } from '../../support/server.ts';
import { enrolApp } from '../../support/totp.ts';
import { type Operator, operator, person } from './operator.ts';

describe('an account in the console whose owner has lost the second factor', () => {
  let server: TestServer;
  let support: Operator;

  before(async () => {
    server = await startServer();
    support = await operator(server, 'support');
  });
  after(() => server.stop());

  it('shows that the owner says the second factor is lost, and from when on it can be removed', async () => {
    const { id } = await person(server);
    await enrolApp(server.domain, id);
    const open = async () => (await support.open(`/console/accounts/${id}`)).page;
    expect(await open()).to.not.include('Second factor lost');
    await server.domain.secondFactorRecoveries.begin(id);
    const page = await open();
    expect(page).to.include('<dt>Second factor lost</dt>').and.include('Lost second factor reported');
    const [{ id: authenticator = '' } = {}] = (await server.domain.secondFactors.list(id)).authenticators;
    await support.send(`/console/accounts/${id}/remove-authenticator`, { authenticator, reason: 'checked' });
    const after = await open();
    expect(after).to.not.include('<dt>Second factor lost</dt>');
    expect(after).to.include('Recovery of the second factor cancelled');
  });
});
