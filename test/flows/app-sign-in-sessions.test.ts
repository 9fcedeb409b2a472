import { expect } from 'chai';
import { PASSWORD, somebody } from '../pages/account/visitor.ts';
import { moveClock, resetClock } from '../support/clock.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';
import { App, appClient } from './app-steps.ts';

describe('the auth_session of a sign-in inside an app', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });
  beforeEach(() => forgetCounts(server.database));
  afterEach(() => resetClock());

  const newApp = async (more: object = {}): Promise<App> => new App(server, await appClient(server, more));

  it('is invalid after a step was taken with it', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const begun = await app.begin(person.email);
    const asked = await app.step(begun, { passkey: 'begin' });
    expect((await app.step(begun, { password: PASSWORD })).body).to.include({ error: 'invalid_session' });
    await app.tokens(await app.step(asked, { password: PASSWORD }));
    expect((await app.step(asked, { password: PASSWORD })).body).to.include({ error: 'invalid_session' });
    // nor are the values that come with it checked
    expect((await app.step(asked, { password: 'no' })).body).to.include({ error: 'invalid_session' });
  });

  it('lasts for ten minutes, whatever is done meanwhile', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const begun = await app.begin(person.email);
    await moveClock(server.database, 590);
    const asked = await app.step(begun, { passkey: 'begin' });
    expect(asked.body.expires_in).to.be.within(5, 10);
    await moveClock(server.database, 11);
    expect((await app.step(asked, { password: PASSWORD })).body.error).to.equal('invalid_session');
  });

  it('ends with the sessions of the account, once a factor is complete', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const enrolled = await enrolApp(server.domain, person.id);
    const first = await app.step(await app.begin(person.email), { password: PASSWORD });
    await server.domain.lifecycle.suspend(person.id);
    expect((await app.step(first, { code: enrolled.code() })).body.error).to.equal('invalid_session');
  });

  it('is stored without its value, and without what the person typed', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const { body } = await app.begin(person.mobile);
    const { rows } = await server.database.knex.raw(
      `select payload::text as payload from records where kind = 'AuthSession' and client_id = ?`,
      [app.client.id],
    );
    expect(rows).to.have.length(1);
    const [{ payload }] = rows as [{ payload: string }];
    expect(payload).to.not.include(person.mobile).and.not.include(body.auth_session);
  });
});
