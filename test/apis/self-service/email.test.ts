import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { linkTo, messagesTo, pressOn } from '../customers/mails.ts';
import { newEmail, PASSWORD, type SelfServiceCustomer, selfServiceClient } from './self-service-client.ts';

const DAY = 86_400;
const current_password = PASSWORD;
const INVALID = {
  error: 'invalid_key',
  message: 'The link no longer works: it is invalid, has been used or has expired.',
  fields: { key: 'The link no longer works: it is invalid, has been used or has expired.' },
};

describe('Self-service API: a new e-mail', () => {
  let server: TestServer;
  let api: ReturnType<typeof selfServiceClient>;
  let me: SelfServiceCustomer;
  let fresh: string;

  before(async () => {
    server = await startServer({ server: { trustProxy: 1 } });
    api = selfServiceClient(server);
  });
  after(() => server.stop());
  beforeEach(async () => {
    me = await api.customer();
    fresh = newEmail();
  });

  const propose = async (email = fresh, who = me): Promise<void> => {
    const { status, body } = await who.patch({ email, current_password });
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(body).to.include({ email: who.email, pending_email: email });
  };
  const refused = async (link: { identifier: string; key: string }): Promise<void> => {
    const { status, body } = await api.confirm(link);
    expect(status).to.equal(400);
    expect(body).to.deep.equal(INVALID);
  };

  it('is the account’s once the key that was mailed there comes back', async () => {
    await propose();
    expect((await api.login(fresh)).status).to.equal(401);
    const link = await api.keyFor(fresh);
    expect(link.key).to.match(/^[A-Z0-9]{16}$/);
    expect(await api.confirm(link)).to.deep.include({ status: 200, body: { result: 'updated' } });
    expect(await me.show())
      .to.include({ email: fresh })
      .and.not.have.property('pending_email');
    expect((await api.login(fresh)).status).to.equal(200);
    expect((await api.login(me.email)).status).to.equal(401);
    await refused(link);
  });

  it('may also be confirmed on the page, and undone from the old address for seven days', async () => {
    await propose();
    expect((await pressOn(await linkTo(server, fresh, '/confirm-email'))).status).to.equal(200);
    await moveClock(server.database, 7 * DAY - 60);
    expect((await pressOn(await linkTo(server, me.email, '/undo-email'))).status).to.equal(200);
    expect((await api.login(me.email)).status).to.equal(200);
    expect((await api.login(fresh)).status).to.equal(401);
  });

  it('needs the current password', async () => {
    const missing = await me.patch({ email: fresh });
    expect(missing.status).to.equal(400);
    expect(missing.body.fields).to.have.keys('current_password');
    const wrong = await me.patch({ email: fresh, current_password: 'wrong-password' });
    expect(wrong.body.fields).to.have.keys('current_password');
    expect(await messagesTo(server, fresh)).to.deep.equal([]);
    expect(await me.show()).not.to.have.property('pending_email');
  });

  it('needs none where the operator has put that off', async () => {
    const lenient = await startServer({ selfService: { emailNeedsPassword: false } });
    const answer = await fetch(`${lenient.url}/customers/self`, {
      method: 'PATCH',
      headers: { ...me.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ email: fresh }),
    });
    expect(answer.status).to.equal(200);
    expect(await api.confirm(await api.keyFor(fresh))).to.include({ status: 200 });
    await lenient.stop();
  });

  it('in another spelling of the current one is no change', async () => {
    const { status, body } = await me.patch({ email: me.email.toUpperCase() });
    expect(status).to.equal(200);
    expect(body).to.include({ email: me.email }).and.not.have.property('pending_email');
  });

  it('is refused with one answer for a wrong, used, replaced or expired key', async () => {
    await propose();
    const first = await api.keyFor(fresh);
    await refused({ ...first, key: 'J32NA974R4F7N1HB' });
    await refused({ ...first, key: `${first.key}A` });
    await refused({ identifier: 'test-user-1', key: first.key });
    const newer = newEmail();
    await propose(newer);
    await refused(first);
    const second = await api.keyFor(newer);
    await moveClock(server.database, 3601);
    await refused(second);
    expect(await me.show()).not.to.have.property('pending_email');
    const { identifier, key } = await api.keyFor(me.email);
    await refused({ identifier, key });
  });

  it('names what is missing or of another type', async () => {
    const { status, body } = await api.post('/newemail_confirm', { identifier: 5 });
    expect(status).to.equal(400);
    expect(body.fields).to.have.keys('identifier', 'key');
    expect((await api.post('/newemail_confirm', { identifier: 'a\0', key: 'b' })).status).to.equal(400);
    expect(
      (await api.post('/newemail_confirm', { identifier: 'a', key: 'b'.repeat(65) })).body.fields,
    ).to.have.keys('key');
  });

  it('goes on waiting for the key that came last when the address has had its mails of the hour', async () => {
    const email = newEmail();
    for (let time = 0; time < 4; time += 1) {
      const { body } = await me.patch({ email, current_password });
      expect(body.pending_email).to.equal(email);
    }
    expect((await api.confirm(await api.keyFor(email))).status).to.equal(200);
  });

  it('looks the same for an address that had mails before, whosever it is', async () => {
    const { email: taken } = await api.customer();
    const free = newEmail();
    for (const email of [taken, free]) {
      for (let time = 0; time < 3; time += 1) await api.post('', { email, name: 'Test Name' });
      const { status, body } = await me.patch({ email, current_password });
      expect(status).to.equal(200);
      expect(body.pending_email).to.equal(email);
    }
  });

  it('waits no longer when the account changes in any way', async () => {
    const changes = [
      { country: 'LA' },
      { subscriptions: ['news'] },
      { password: 'staple-gun-orchestra', current_password },
    ];
    for (const change of changes) {
      const email = newEmail();
      await propose(email);
      expect((await me.patch(change)).status).to.equal(200);
      await refused(await api.keyFor(email));
      expect(await me.show()).not.to.have.property('pending_email');
    }
  });

  it('that someone else has verified is answered alike; its owner gets a notice and nobody a key', async () => {
    const owner = await api.customer();
    const shouted = owner.email.replace(/^\w+/, (local) => local.toUpperCase());
    await propose(shouted);
    const [notice] = await messagesTo(server, owner.email);
    expect(notice?.subject).to.include('already have a');
    expect(notice?.text).not.to.match(/key:/);
    expect(await messagesTo(server, shouted)).to.deep.equal([]);
    const [mine] = await messagesTo(server, me.email);
    expect(mine?.text)
      .to.match(/^identifier: \w+$/m)
      .and.match(/^key: [A-Z0-9]{16}$/m);
    expect(mine?.text).to.include(`New e-mail address: ${shouted}`);
    expect(await owner.show()).to.include({ email: owner.email });
  });

  it('goes to one of two that confirm it at once', async () => {
    const rival = await api.customer();
    await propose();
    const mine = await api.keyFor(fresh);
    await propose(fresh, rival);
    const theirs = await api.keyFor(fresh);
    const answers = await Promise.all([api.confirm(mine), api.confirm(theirs)]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 400]);
    const holders = await Promise.all([me.show(), rival.show()]);
    expect(holders.filter(({ email }) => email === fresh)).to.have.length(1);
    expect(answers.find(({ status }) => status === 400)?.body).to.deep.equal(INVALID);
  });

  it('is changed once by ten requests with one key', async () => {
    await propose();
    const link = await api.keyFor(fresh);
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.confirm(link)));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    expect(answers.filter(({ status }) => status === 400)).to.have.length(9);
  });

  it('lets an address guess ten keys an hour, and then none', async () => {
    const guess = (address: string) =>
      api.post(
        '/newemail_confirm',
        { identifier: 'test-user-1', key: 'J32NA974R4F7N1HB' },
        { 'x-forwarded-for': address },
      );
    for (let tries = 0; tries < 10; tries += 1) expect((await guess('2001:db8::1')).status).to.equal(400);
    const answer = await guess('2001:db8::ffff');
    expect(answer.status).to.equal(429);
    expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
    expect((await guess('192.0.2.9')).status).to.equal(400);
  });
});
