import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { emailSteps } from './email-steps.ts';
import { pressOn } from './mails.ts';

const DAY = 86_400;

describe('Customers API: undoing a change of the e-mail', () => {
  let server: TestServer;
  let the: Awaited<ReturnType<typeof emailSteps>>;

  before(async () => {
    server = await testServer();
  });
  beforeEach(async () => {
    the = await emailSteps(server);
  });

  it('brings the old address back within seven days, and kills what was issued to the account', async () => {
    await the.changeTo(the.fresh);
    await moveClock(server.database, 7 * DAY - 60);
    const { body: late } = await the.api.signIn(the.known.mobile, the.known.password);
    expect((await pressOn(await the.link(the.known.email, '/undo-email'))).status).to.equal(200);
    const headers = { authorization: `Bearer ${late.access_token}` };
    expect((await the.api.call('GET', '/customers', { headers })).status).to.equal(401);
    expect((await the.api.refresh(late.refresh_token)).status).to.equal(400);
    expect(await the.shown()).to.equal(the.known.email);
    expect(await the.signsIn(the.known.email)).to.equal(true);
    expect(await the.signsIn(the.fresh)).to.equal(false);
  });

  it('reaches an address that was verified while the change waited', async () => {
    the = await emailSteps(server, { verified: false });
    await the.update();
    const confirm = await the.link(the.fresh, '/confirm-email');
    await pressOn(await the.link(the.known.email, '/verify-email'));
    expect((await pressOn(confirm)).status).to.equal(200);
    expect(await the.shown()).to.equal(the.fresh);
    await pressOn(await the.link(the.known.email, '/undo-email'));
    expect(await the.shown()).to.equal(the.known.email);
  });

  it('works once', async () => {
    await the.changeTo(the.fresh);
    const undo = await the.link(the.known.email, '/undo-email');
    expect((await pressOn(undo)).status).to.equal(200);
    expect((await pressOn(undo)).status).to.equal(400);
  });

  it('does not work after seven days', async () => {
    await the.changeTo(the.fresh);
    const undo = await the.link(the.known.email, '/undo-email');
    await moveClock(server.database, 7 * DAY + 60);
    expect((await pressOn(undo)).status).to.equal(400);
    expect(await the.shown()).to.equal(the.fresh);
  });

  it('ends a change that was not confirmed yet', async () => {
    await the.update();
    await pressOn(await the.link(the.known.email, '/undo-email'));
    expect((await pressOn(await the.link(the.fresh, '/confirm-email'))).status).to.equal(400);
    expect(await the.shown()).to.equal(the.known.email);
  });

  it('leaves the first owner’s link alive when a later one is used', async () => {
    await the.changeTo(the.fresh);
    const owners = await the.link(the.known.email, '/undo-email');
    await the.changeTo(`second-${the.fresh}`);
    expect((await pressOn(await the.link(the.fresh, '/undo-email'))).status).to.equal(200);
    expect(await the.shown()).to.equal(the.fresh);
    expect((await pressOn(owners)).status).to.equal(200);
    expect(await the.shown()).to.equal(the.known.email);
  });

  it('is still the first owner’s after anyone who changed it has changed it again, and then nobody else’s', async () => {
    await the.changeTo(the.fresh);
    const owners = await the.link(the.known.email, '/undo-email');
    await the.changeTo(`second-${the.fresh}`);
    const strangers = await the.link(the.fresh, '/undo-email');
    expect((await pressOn(owners)).status).to.equal(200);
    expect(await the.shown()).to.equal(the.known.email);
    expect((await pressOn(strangers)).status).to.equal(400);
    expect(await the.shown()).to.equal(the.known.email);
  });
});
