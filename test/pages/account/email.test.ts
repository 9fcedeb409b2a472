import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { forgetCounts } from '../../support/forget-counts.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { alerts, newContacts, notice, PASSWORD, somebody, type Visitor } from './visitor.ts';

const PATH = '/account/email';
const STALE_SECONDS = 301;

describe('the e-mail in the account area', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });
  beforeEach(async () => void (await forgetCounts(server.database)));
  after(() => server.stop());

  const mailsTo = (to: string) => server.domain.outbox.list({ to, limit: 5 });
  const pending = ({ id }: Visitor) => server.domain.emailLinks.waitingEmail(id);

  it('changes when its new holder has opened the link; the old one is told', async () => {
    const person = await (await somebody(server)).signIn();
    const { email } = newContacts();
    const { status, next } = await person.send(PATH, { email: ` ${email} ` });
    expect([status, next]).to.deep.equal([303, `${PATH}?outcome=email_sent`]);
    const { page } = await person.open(next);
    expect(notice(page)).to.equal('Open the link that we sent to the new address.');
    expect(page).to.include(`<strong>${email}</strong>`).and.include(person.email);
    expect(await pending(person)).to.equal(email);
    expect(await mailsTo(person.email)).to.have.length(1);
    const [mail] = await mailsTo(email);
    const link = new URL(/https?:\/\/\S+confirm-email\S+/.exec(mail?.text ?? '')?.[0] ?? '');
    const confirmation = await person.agent.follow(link.href);
    await person.agent.submit('/confirm-email', {}, await confirmation.text());
    expect((await person.account())?.contacts.map(({ value }) => value)).to.include(email);
    expect((await person.open(PATH)).page)
      .to.include(email)
      .and.not.include('withdraw"');
  });

  it('refuses a wrong password that is supplied, also soon after the sign-in', async () => {
    const person = await (await somebody(server)).signIn();
    const sent = await person.send(PATH, { email: newContacts().email, currentPassword: 'wrong-password' });
    expect(sent.status).to.equal(400);
    expect(alerts(sent.page).join()).to.match(/password/i);
    expect(await pending(person)).to.equal(undefined);
  });

  it('that is not verified gets its mail again on request; a verified one gets none', async () => {
    const person = await (await somebody(server)).signIn();
    const verified = await person.send(`${PATH}/verify`, {}, { on: PATH });
    expect(verified.next).to.equal(`${PATH}?outcome=verification_sent`);
    expect(await mailsTo(person.email)).to.have.length(0);
    expect((await person.open(PATH)).page).to.not.include('/account/email/verify');

    await server.database
      .knex('contacts')
      .where({ account_id: person.id, kind: 'email' })
      .update({ verified_at: null });
    expect((await person.open(PATH)).page).to.include('action="/account/email/verify"');
    const { next } = await person.send(`${PATH}/verify`, {}, { on: PATH });
    expect(notice((await person.open(next)).page)).to.equal('We have sent the e-mail again.');
    const [mail] = await mailsTo(person.email);
    const link = new URL(/https?:\/\/\S+verify-email\S+/.exec(mail?.text ?? '')?.[0] ?? '');
    const opened = await person.agent.follow(link.href);
    await person.agent.submit('/verify-email', {}, await opened.text());
    expect((await person.account())?.contacts.find(({ kind }) => kind === 'email')?.verified).to.equal(true);
  });

  it('can be withdrawn while it waits', async () => {
    const person = await (await somebody(server)).signIn();
    await person.send(PATH, { email: newContacts().email });
    const { next } = await person.send(`${PATH}/withdraw`, {}, { on: PATH });
    expect(next).to.equal(`${PATH}?outcome=email_withdrawn`);
    expect(await pending(person)).to.equal(undefined);
    expect((await person.send(`${PATH}/withdraw`, {}, { on: PATH })).status).to.equal(303);
  });

  it('is withdrawn for its own account only', async () => {
    const [person, other] = [
      await (await somebody(server)).signIn(),
      await (await somebody(server)).signIn(),
    ];
    await person.send(PATH, { email: newContacts().email });
    await other.send(`${PATH}/withdraw`, {}, { on: PATH });
    expect(await pending(person)).to.be.a('string');
    expect((await other.open(PATH)).page).to.not.include((await pending(person)) ?? '');
  });

  it('asks for the current password once the sign-in is not fresh any more', async () => {
    const person = await (await somebody(server)).signIn();
    const { email } = newContacts();
    expect((await person.open(PATH)).page).to.not.include('currentPassword');
    await moveClock(server.database, STALE_SECONDS);
    expect((await person.open(PATH)).page).to.include('name="currentPassword"');
    const missing = await person.send(PATH, { email });
    expect(missing.status).to.equal(400);
    expect(alerts(missing.page)).to.deep.equal(['Enter your password.']);
    const wrong = await person.send(PATH, { email, currentPassword: 'wrong-password' });
    expect([wrong.status, alerts(wrong.page)]).to.deep.equal([400, ['The current password is wrong.']]);
    expect(wrong.page).to.include(`value="${email}"`).and.not.include('wrong-password');
    expect(await pending(person)).to.equal(undefined);
    const right = await person.send(PATH, { email, currentPassword: PASSWORD });
    expect(right.status).to.equal(303);
    expect(await pending(person)).to.equal(email);
  });

  it('asks for a new sign-in where there is no password', async () => {
    const person = await (await somebody(server)).signIn();
    await server.database.knex('credentials').where({ account_id: person.id }).delete();
    await moveClock(server.database, STALE_SECONDS);
    const { status, next } = await person.send(PATH, { email: newContacts().email });
    expect(status).to.equal(303);
    expect(new URL(next).searchParams.get('prompt')).to.equal('login');
    expect(await pending(person)).to.equal(undefined);
  });

  it('says when another account has verified it', async () => {
    const [person, other] = [await (await somebody(server)).signIn(), await somebody(server)];
    const { status, page } = await person.send(PATH, { email: other.email });
    expect(status).to.equal(409);
    expect(alerts(page)).to.deep.equal(['This mobile number or e-mail address is already in use.']);
    expect(page).to.include('href="#email"');
    expect(await mailsTo(other.email)).to.have.length(0);
  });

  it('refuses what is not an address, nothing, and the current one', async () => {
    const person = await (await somebody(server)).signIn();
    const tries: [string, string][] = [
      ['', 'Enter your e-mail address.'],
      ['somchai', 'This is not a valid e-mail address.'],
      ['a@b.example\r\nBcc: c@d.example', 'This is not a valid e-mail address.'],
      [`${'a'.repeat(100)}@example.com`, 'This is not a valid e-mail address.'],
      [person.email.toUpperCase(), 'This is already your e-mail address.'],
    ];
    for (const [email, words] of tries) {
      const { status, page } = await person.send(PATH, { email });
      expect([status, alerts(page)], email).to.deep.equal([400, [words]]);
    }
    expect((await person.send(PATH, {})).status).to.equal(400);
    expect((await person.send(PATH, { email: 'a\0@example.com' })).status).to.equal(400);
    expect(await pending(person)).to.equal(undefined);
  });

  it('needs the token of the page', async () => {
    const person = await (await somebody(server)).signIn();
    const { email } = newContacts();
    expect((await person.send(PATH, { email }, { csrf: 'made-up' })).status).to.equal(403);
    expect((await person.send(`${PATH}/withdraw`, {}, { csrf: 'made-up' })).status).to.equal(403);
    expect(await pending(person)).to.equal(undefined);
  });
});
