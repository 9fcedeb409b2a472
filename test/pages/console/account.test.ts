import { expect } from 'chai';
import { resetClock, setClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { enrolApp } from '../../support/totp.ts';
import { newContacts } from '../account/visitor.ts';
import { alertsOf } from '../visitor.ts';
import { notice, Operator, operator, PASSWORD, person } from './operator.ts';

const LATER = 400;

describe('the page of an account in the console', () => {
  let server: TestServer;
  let support: Operator;

  before(async () => {
    server = await startServer();
  });

  // with a recent authentication
  beforeEach(async () => {
    support = await operator(server, 'support');
  });

  afterEach(() => resetClock());

  after(() => server.stop());

  const statusOf = async (id: number) => (await server.domain.accounts.find(id))?.status;

  const eventsOf = async (id: number, event: string) =>
    (await server.domain.auditSearch.page({ accountId: id, event: event as never }, { limit: 9 })).data;

  /** Opens the page and sends one of its forms. */
  async function act(id: number, name: string, fields: Record<string, string> = {}, one = support) {
    await one.open(`/console/accounts/${id}`);
    return one.send(`/console/accounts/${id}/${name}`, fields);
  }

  const signIn = (identifier: string, password: string) =>
    server.domain.passwordAuthenticator
      .verify({ identifier, password, origin: { address: '192.0.2.9' }, clientId: 'spa' })
      .then(
        () => 'signed in',
        (error: { code: string }) => error.code,
      );

  it('explains why a customer cannot sign in, and offers the remedy', async () => {
    const { id, email } = await person(server);
    for (let guess = 0; guess < server.config.attempts.perAccount; guess += 1) await signIn(email, 'wrong');
    expect(await signIn(email, PASSWORD)).to.equal('TOO_MANY_ATTEMPTS');
    const { page } = await support.open(`/console/accounts/${id}`);
    // the day is that of the event, or is shown with each time when the two days differ
    expect(page).to.match(
      /Wrong password<\/strong> 10 times between [\w ,:]*\d\d:\d\d and [\w ,:]*\d\d:\d\d from one network/,
    );
    expect(page).to.match(/too many attempts<\/strong> · locked until [\w ,:]*\d\d:\d\d/);
    expect(page).to.include(`action="/console/accounts/${id}/unlock"`);
    const { status, next } = await act(id, 'unlock', { reason: 'ตรวจบัตรแล้ว' });
    expect([status, next]).to.deep.equal([303, `/console/accounts/${id}?outcome=unlocked`]);
    const after = await support.open(next);
    expect(notice(after.page)).to.be.a('string');
    expect(after.page).to.not.include(`action="/console/accounts/${id}/unlock"`);
    expect(await signIn(email, PASSWORD)).to.equal('signed in');
    const [event] = await eventsOf(id, 'account.unlocked');
    expect(event).to.deep.include({ actor: `operator:${support.id}`, details: { note: 'ตรวจบัตรแล้ว' } });
    expect(event?.requestId).to.match(/^[0-9a-f]{32}$/);
  });

  it('is read under the name of the operator', async () => {
    const { id } = await person(server);
    await support.open(`/console/accounts/${id}`);
    const [event] = await eventsOf(id, 'account.read');
    expect(event).to.include({ actor: `operator:${support.id}` });
  });

  it('shows no more of a national ID than its end', async () => {
    const nationalId = '5101700230701';
    const { id } = await person(server, undefined, { nationalId });
    const { page } = await support.open(`/console/accounts/${id}`);
    expect(page)
      .to.include(`•••• ${nationalId.slice(-4)}`)
      .and.not.include(nationalId.slice(0, 9));
  });

  it('is not found for what is no account', async () => {
    for (const id of ['0', '01', '-1', '1e3', 'abc', '999999999', '99999999999999999999', "1'"])
      expect((await support.open(`/console/accounts/${id}`)).status, id).to.equal(404);
  });

  it('suspends, activates and signs out', async () => {
    const { id } = await person(server);
    expect((await act(id, 'suspend')).status).to.equal(303);
    expect(await statusOf(id)).to.equal('suspended');
    expect((await act(id, 'activate')).status).to.equal(303);
    expect(await statusOf(id)).to.equal('active');
    expect((await act(id, 'sign-out')).status).to.equal(303);
    for (const event of ['account.suspended', 'account.activated', 'account.signed_out_everywhere'])
      expect(
        (await eventsOf(id, event)).map(({ actor }) => actor),
        event,
      ).to.deep.equal([`operator:${support.id}`]);
  });

  it('adds, refuses and removes contacts', async () => {
    const { id, email } = await person(server);
    const { id: otherId, email: taken } = await person(server);
    const { mobile } = newContacts();
    const added = await act(id, 'add-contact', { kind: 'mobile', value: mobile, verified: 'true' });
    expect(added.next).to.equal(`/console/accounts/${id}/contacts?outcome=contact_added`);
    const refused: [string, string, RegExp][] = [
      ['mobile', '123', /mobile/i],
      ['email', 'nonsense', /e-mail/i],
      ['email', taken, /already in use/i],
      ['email', '', /e-mail/i],
    ];
    for (const [kind, value, says] of refused) {
      const answer = await act(id, 'add-contact', { kind, value, verified: 'true' });
      expect(answer.status, value).to.be.oneOf([400, 409]);
      expect(alertsOf(answer).join(), value).to.match(says);
      expect(/id="value"[^>]*/.exec(answer.page)?.[0], 'as typed').to.include(`value="${value}"`);
      expect(answer.page).to.include(`<option value="${kind}" selected>`);
    }
    const removed = await act(id, 'remove-contact', { contact: `mobile ${mobile}` });
    expect(removed.next).to.include('outcome=contact_removed');
    const again = await act(id, 'remove-contact', { contact: `mobile ${mobile}` });
    expect(again.status).to.equal(404);
    expect(alertsOf(again)).to.have.length(1);
    const contacts = async (of: number) => (await server.domain.accounts.find(of))?.contacts.length;
    expect([await contacts(id), await contacts(otherId)]).to.deep.equal([1, 1]);
    const mails = await server.domain.outbox.list({ to: email, limit: 9 });
    expect(mails.length, 'the other contacts are told').to.equal(2);
  });

  it('sends the mail of "forgotten password" to an existing contact', async () => {
    const { id, email } = await person(server);
    expect((await act(id, 'password-reset', { channel: 'email' })).next).to.include('outcome=reset_sent');
    expect(await server.domain.outbox.list({ to: email, limit: 9 })).to.have.length(1);
    const none = await act(id, 'password-reset', { channel: 'sms' });
    expect(none.status).to.equal(404);
    expect(alertsOf(none)).to.have.length(1);
  });

  it('removes an authenticator app that its owner has lost', async () => {
    const { id } = await person(server);
    await enrolApp(server.domain, id);
    const [{ id: authenticator = '', name = '' } = {}] = (await server.domain.secondFactors.list(id))
      .authenticators;
    expect((await support.open(`/console/accounts/${id}`)).page).to.include(`<dd>${name}`);
    const { page } = await support.open(`/console/accounts/${id}/actions`);
    expect(page).to.include(`name="authenticator" value="${authenticator}"`);
    const removed = await act(id, 'remove-authenticator', { authenticator, reason: 'lost phone' });
    expect(removed.next).to.equal(`/console/accounts/${id}?outcome=authenticator_removed`);
    expect(notice((await support.open(removed.next)).page)).to.equal('The second factor was removed.');
    expect(await server.domain.secondFactors.isEnrolled(id)).to.equal(false);
    const [event] = await eventsOf(id, 'second_factor.removed');
    expect(event).to.deep.include({
      actor: `operator:${support.id}`,
      details: { method: 'totp', note: 'lost phone' },
    });
    for (const gone of [authenticator, 'nonsense', ''])
      expect((await act(id, 'remove-authenticator', { authenticator: gone })).status, gone).to.equal(404);
  });

  it('releases a mobile number and a national ID', async () => {
    const { mobile } = newContacts();
    const { id } = await person(server, undefined, {
      nationalId: '8101700230705',
      contacts: [{ kind: 'mobile', value: mobile, verified: true }],
    });
    expect((await act(id, 'release-mobile')).next).to.include('outcome=mobile_released');
    expect((await act(id, 'release-national-id')).next).to.include('outcome=national_id_released');
    const { page } = await support.open(`/console/accounts/${id}`);
    expect(page).to.not.include('••••');
    const { page: actions } = await support.open(`/console/accounts/${id}/actions`);
    expect(actions).to.not.include('/release-mobile"').and.not.include('/release-national-id"');
    expect(actions).to.match(/action="[^"]*\/export" data-download/);
  });

  it('lists and ends sessions and applications', async () => {
    const who = await person(server);
    const customer = new Operator(server.url, who);
    await customer.authenticate(await customer.follow('/account'));
    const { page } = await support.open(`/console/accounts/${who.id}/sessions`);
    const session = /name="session" value="([^"]+)"/.exec(page)?.[1] ?? '';
    expect(session).to.not.equal('');
    const other = await person(server);
    // a session of another account is not ended
    await act(other.id, 'end-session', { session });
    expect((await customer.open('/account')).status).to.equal(200);
    expect((await act(who.id, 'end-session', { session })).next).to.include('outcome=session_ended');
    expect((await customer.open('/account')).status).to.equal(303);
    const ended = await act(who.id, 'end-application', { client: 'spa' });
    expect(ended.status).to.be.oneOf([303, 404]);
    for (const [form, field] of [
      ['end-session', 'session'],
      ['end-application', 'client'],
    ] as const)
      for (const value of ['', 'nonsense', 'a\0b'])
        expect((await act(who.id, form, { [field]: value })).status, `${form} ${value}`).to.be.below(500);
  });

  it('exports everything that is stored, as a file that nobody stores', async () => {
    const { id, email } = await person(server);
    const { status, headers, page } = await act(id, 'export', { reason: 'request of the customer' });
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.include('application/json');
    expect(headers.get('content-disposition')).to.equal(`attachment; filename="account-${id}.json"`);
    expect(headers.get('cache-control')).to.include('no-store');
    expect(page).to.include(email);
    const [event] = await eventsOf(id, 'account.read');
    expect(event?.details).to.deep.equal({ what: 'export', note: 'request of the customer' });
  });

  it('erases an account for an admin who typed its ID', async () => {
    const { id } = await person(server);
    const admin = await operator(server, 'admin');
    const wrong = await act(id, 'erase', { confirmation: '1' }, admin);
    expect(wrong.status).to.equal(400);
    expect(alertsOf(wrong)).to.have.length(1);
    expect(await statusOf(id)).to.equal('active');
    const { next } = await act(id, 'erase', { confirmation: ` ${id} `, reason: 'asked by letter' }, admin);
    expect(next).to.equal('/console/accounts?outcome=erased');
    expect(await statusOf(id)).to.equal('deleted');
    const [event] = await eventsOf(id, 'account.deleted');
    expect(event).to.include({ actor: `operator:${admin.id}` });
  });

  it('refuses a reason that is too long, in the form', async () => {
    const { id } = await person(server);
    const { status } = await act(id, 'sign-out', { reason: 'x'.repeat(201) });
    expect(status).to.equal(400);
    expect(await eventsOf(id, 'account.signed_out_everywhere')).to.have.length(0);
    expect((await act(id, 'sign-out', { reason: '🙂'.repeat(200) })).status).to.equal(303);
  });

  it('processes a form that is sent twice once', async () => {
    const { id } = await person(server);
    await support.open(`/console/accounts/${id}`);
    const twice = await Promise.all([1, 2].map(() => support.send(`/console/accounts/${id}/sign-out`)));
    expect(twice.map(({ status }) => status)).to.deep.equal([303, 303]);
    expect(await eventsOf(id, 'account.signed_out_everywhere')).to.have.length(1);
    expect((await support.send(`/console/accounts/${id}/sign-out`)).status).to.equal(303);
    expect(await eventsOf(id, 'account.signed_out_everywhere')).to.have.length(1);
    // opening the page again creates another form
    await act(id, 'sign-out');
    expect(await eventsOf(id, 'account.signed_out_everywhere')).to.have.length(2);
  });

  describe('asks for an authentication of the last five minutes', () => {
    const DESTRUCTIVE = [
      'suspend',
      'release-mobile',
      'release-national-id',
      'add-contact',
      'remove-contact',
      'erase',
    ];

    it('before it takes something away or lets somebody in', async () => {
      const { id, email } = await person(server);
      const admin = await operator(server, 'admin');
      await setClock(server.database, LATER);
      for (const name of DESTRUCTIVE) {
        const fields = { confirmation: String(id), kind: 'email', value: email, contact: `email ${email}` };
        const { status, next } = await act(id, name, fields, admin);
        expect(status, name).to.equal(303);
        expect(next, name).to.include('/oauth/authorize').and.include('prompt=login');
      }
      expect(await statusOf(id)).to.equal('active');
      expect((await server.domain.accounts.find(id))?.contacts).to.have.length(1);
      expect((await act(id, 'unlock', {}, admin)).next).to.include('outcome=unlocked');
    });

    it('and comes back to the account, where the form is taken then', async () => {
      const { id } = await person(server);
      await setClock(server.database, LATER);
      const { next } = await act(id, 'suspend', { reason: 'stolen phone' });
      const back = await support.authenticate(await support.follow(next));
      expect(new URL(support.agent.location).pathname).to.equal(`/console/accounts/${id}/actions`);
      expect(back.status).to.equal(200);
      expect(await statusOf(id)).to.equal('active');
      expect((await act(id, 'suspend')).next).to.include('outcome=suspended');
      expect(await statusOf(id)).to.equal('suspended');
    });

    it('of this operator: another account that signs in instead is another operator, or none', async () => {
      const { id } = await person(server);
      const customer = await person(server);
      await setClock(server.database, LATER);
      const { next } = await act(id, 'suspend');
      const refused = await support.authenticate(await support.follow(next), customer.email);
      expect(refused.status).to.equal(403);
      expect(await statusOf(id)).to.equal('active');
    });
  });
});
