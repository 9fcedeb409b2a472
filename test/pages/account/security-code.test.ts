import { expect } from 'chai';
import { codeTo } from '../../browser/steps.ts';
import { moveClock } from '../../support/clock.ts';
import { forgetCounts } from '../../support/forget-counts.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { alerts, notice, somebody, type Visitor } from './visitor.ts';

const SECURITY = '/account/security?lang=en';

describe('codes by SMS and e-mail at /account/security', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());
  beforeEach(() => forgetCounts(server.database));

  const owner = async (): Promise<Visitor> => (await somebody(server)).signIn();
  const setUp = (visitor: Visitor, factor: 'sms' | 'email') =>
    visitor.send(`/account/security/${factor}/send`, {}, { on: SECURITY });
  const authenticators = async ({ id }: Visitor) =>
    (await server.domain.secondFactors.list(id)).authenticators;

  for (const factor of ['sms', 'email'] as const) {
    const contactOf = (visitor: Visitor): string => (factor === 'sms' ? visitor.mobile : visitor.email);

    it(`by ${factor} are turned on with a code that arrived, and turned off`, async () => {
      const visitor = await owner();
      expect((await visitor.open(SECURITY)).page).to.include('Off. Codes would be sent to');
      const asked = await setUp(visitor, factor);
      expect(asked).to.include({ status: 303, next: `/account/security/${factor}` });
      const shown = await visitor.open(`/account/security/${factor}?lang=en`);
      expect(shown.page).to.include('name="code"').and.not.include(contactOf(visitor));
      const wrong = await visitor.send(`/account/security/${factor}`, { code: 'abc' });
      expect(wrong.status).to.equal(400);
      expect(alerts(wrong.page)).to.have.length(1);
      expect(await authenticators(visitor)).to.deep.equal([]);
      const on = await visitor.send(`/account/security/${factor}`, {
        code: await codeTo(server, contactOf(visitor)),
      });
      expect(on.status).to.equal(200);
      expect(on.page.match(/<li><code>/g)).to.have.length(10);
      expect((await authenticators(visitor)).map(({ method }) => method)).to.deep.equal([factor]);
      const { page } = await visitor.open(`${SECURITY}&outcome=code_on`);
      expect(notice(page)).to.equal('The code was turned on.');
      expect(page).to.include('On. Codes are sent to');
      const [{ id = '' } = {}] = await authenticators(visitor);
      const off = await visitor.send('/account/security/remove', { id }, { on: SECURITY });
      expect(off.next).to.equal('/account/security?outcome=code_off');
      expect(await authenticators(visitor)).to.deep.equal([]);
    });

    it(`by ${factor} say how long to wait when too many were sent`, async () => {
      const visitor = await somebody(server);
      for (let sent = 0; sent < 5; sent += 1) {
        const asked = { locale: 'en' as const, address: `192.0.${sent}.1`, browser: `browser ${sent}` };
        await server.domain.secondFactors.send(visitor.id, factor, asked).catch(() => undefined);
        await moveClock(server.database, 61);
      }
      await visitor.signIn();
      const answer = await setUp(visitor, factor);
      expect(answer.status).to.equal(429);
      expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
      expect(alerts(answer.page)).to.have.length(1);
    });
  }

  it('need a sign-in within five minutes', async () => {
    const visitor = await owner();
    await setUp(visitor, 'email');
    const code = await codeTo(server, visitor.email);
    const { page } = await visitor.open('/account/security/email');
    await moveClock(server.database, 301);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const body = new URLSearchParams({ csrf, code });
    expect((await visitor.post('/account/security/email', body)).next).to.include('/oauth/authorize');
    expect(
      (await visitor.post('/account/security/email/send', new URLSearchParams({ csrf }))).next,
    ).to.include('/oauth/authorize');
    expect(await authenticators(visitor)).to.deep.equal([]);
  });

  it('have no page before a code was sent', async () => {
    const visitor = await owner();
    expect(await visitor.open('/account/security/sms')).to.include({
      status: 303,
      next: '/account/security',
    });
  });

  it('are not offered for contacts that nothing proves', async () => {
    const visitor = await owner();
    await server.database.knex('contacts').where({ account_id: visitor.id }).update({ verified_at: null });
    const { page } = await visitor.open(SECURITY);
    expect(page).to.not.include('/account/security/sms/send').and.not.include('/account/security/email/send');
    for (const factor of ['sms', 'email'] as const) {
      const answer = await visitor.send(`/account/security/${factor}/send`, {}, { on: '/account/profile' });
      expect(answer.status).to.equal(404);
    }
    expect(await authenticators(visitor)).to.deep.equal([]);
  });

  for (const [what, csrf] of [
    ['without the token of the page', ''],
    ['with a token of somebody else', 'theirs'],
  ] as const)
    it(`nothing is sent or turned on ${what}`, async () => {
      const visitor = await owner();
      const body = new URLSearchParams({ csrf, code: '123456' });
      for (const path of ['/account/security/sms/send', '/account/security/sms'])
        expect((await visitor.post(path, body)).status).to.equal(403);
      expect(await codeTo(server, visitor.mobile)).to.equal('');
    });

  it('are listed for operators and in the export, without a name', async () => {
    const visitor = await owner();
    await setUp(visitor, 'sms');
    await visitor.send('/account/security/sms', { code: await codeTo(server, visitor.mobile) });
    const [row] = (await server.domain.accountDetails.of(visitor.id)).authenticators;
    expect(row).to.include({ method: 'sms', name: null });
    const exported = await visitor.send('/account/export', {});
    const file = JSON.parse(exported.page);
    expect(file.authenticators[0]).to.include({ method: 'sms', name: null });
  });

  it('are named where a contact of theirs is about to be taken off after a recovery', async () => {
    const visitor = await owner();
    await setUp(visitor, 'email');
    await visitor.send('/account/security/email', { code: await codeTo(server, visitor.email) });
    await server.domain.contacts.doubtOthers(visitor.id, {
      kind: 'mobile',
      key: visitor.mobile.replace(/^0/, '+66'),
    });
    expect(await server.domain.secondFactors.isEnrolled(visitor.id)).to.equal(true);
    const { page } = await visitor.open(SECURITY);
    expect(page).to.include('On, but your account has no confirmed e-mail address.');
  });
});
