import { expect } from 'chai';
import { moveClock, resetClock } from '../../support/clock.ts';
import { forgetCounts } from '../../support/forget-counts.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { BASIC_CLIENT, tokenRequest } from '../../support/sign-in.ts';
import { csrfOf, silently } from '../interaction-steps.ts';
import { alerts, notice, PASSWORD, somebody, Visitor } from './visitor.ts';

const NEXT = 'another-horse-battery';
const PATH = '/account/password';

describe('the password in the account area', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });
  beforeEach(async () => void (await forgetCounts(server.database)));
  after(() => server.stop());

  const change = (person: Visitor, currentPassword: string, password: string) =>
    person.send(PATH, { currentPassword, password });

  /** The same account in a second browser. */
  async function elsewhere({ id, email, mobile }: Visitor): Promise<Visitor> {
    return new Visitor(server, id, { email, mobile }).signIn();
  }

  it('changes; this session stays, every other one and the tokens end, and the owner is told', async () => {
    const person = await (await somebody(server)).signIn();
    const other = await elsewhere(person);
    const password = { grant_type: 'password', username: person.email, password: PASSWORD, scope: 'global' };
    const token = await tokenRequest(server.url, password, { authorization: BASIC_CLIENT });
    const customer = async () =>
      (
        await fetch(`${server.url}/customers`, {
          headers: { authorization: `Bearer ${token.body.access_token}` },
        })
      ).status;
    expect(await customer()).to.equal(200);
    const { status, next } = await change(person, PASSWORD, NEXT);
    expect([status, next]).to.deep.equal([303, `${PATH}?outcome=password_changed`]);
    expect(notice((await person.open(`${next}&lang=en`)).page)).to.match(/^Your password has been changed/);
    expect([await person.has(PASSWORD), await person.has(NEXT)]).to.deep.equal([false, true]);
    expect(await customer()).to.equal(401);
    expect((await other.open('/account')).status).to.equal(303);
    expect(await silently(server, other.agent)).to.equal('login_required');
    expect(await silently(server, person.agent)).to.not.equal('login_required');
    const mails = await server.domain.outbox.list({ to: person.email, limit: 5 });
    expect(mails).to.have.length(1);
  });

  it('changes once: a form sent twice, at once or a moment later, gets the same response', async () => {
    const person = await (await somebody(server)).signIn();
    const { page } = await person.open(PATH);
    const fields = { csrf: csrfOf(page), currentPassword: PASSWORD, password: NEXT };
    const post = () => person.post(PATH, new URLSearchParams(fields));
    const answers = await Promise.all([post(), post(), post()]);
    answers.push(await post());
    for (const { next } of answers) expect(next).to.equal(`${PATH}?outcome=password_changed`);
    expect(await person.has(NEXT)).to.equal(true);
    const mails = await server.domain.outbox.list({ to: person.email, limit: 5 });
    expect(mails).to.have.length(1);
    const other = await person.post(PATH, new URLSearchParams({ ...fields, password: 'yet-another-horse' }));
    expect(other.status, 'the old password is wrong in any other form').to.equal(400);
  });

  it('reveals the response of a form to no other account', async () => {
    const person = await (await somebody(server)).signIn();
    const other = await new Visitor(server, person.id, person).signIn();
    await change(person, PASSWORD, NEXT);
    await other.signIn('/account?lang=en', NEXT);
    expect((await change(other, PASSWORD, NEXT)).status).to.equal(400);
  });

  it('tells what is wrong with both at once, and repeats neither', async () => {
    const person = await (await somebody(server)).signIn();
    const { status, page } = await change(person, 'wrong-password', 'short');
    expect(status).to.equal(400);
    expect(alerts(page)).to.deep.equal(['The current password is wrong.', 'The password is too short.']);
    expect(page).to.not.include('wrong-password').and.not.include('value="short"');
    const nothing = await change(person, '', '');
    expect(alerts(nothing.page)).to.deep.equal(['Enter your password.', 'Enter a new password.']);
    expect(alerts((await change(person, PASSWORD, person.email)).page)).to.have.length(1);
    expect(await person.has(PASSWORD)).to.equal(true);
  });

  it('counts wrong current passwords with the sign-ins', async () => {
    const person = await (await somebody(server)).signIn();
    for (let tries = 0; tries < server.config.attempts.perAccount; tries += 1)
      expect((await change(person, 'wrong-password', NEXT)).status).to.equal(400);
    const { status, headers, page } = await change(person, PASSWORD, NEXT);
    expect(status).to.equal(429);
    expect(Number(headers.get('retry-after'))).to.be.above(0);
    expect(alerts(page)[0]).to.match(/^Too many attempts/);
    expect(await person.has(PASSWORD)).to.equal(true);
  });

  it('is set with a fresh sign-in where there is none', async () => {
    const person = await (await somebody(server)).signIn();
    await server.database.knex('credentials').where({ account_id: person.id }).delete();
    expect((await person.open(PATH)).page)
      .to.include('Set a password')
      .and.not.include('currentPassword');
    await moveClock(server.database, 301);
    const stale = await person.send(PATH, { password: NEXT });
    expect(new URL(stale.next).searchParams.get('prompt')).to.equal('login');
    expect(await person.has(NEXT)).to.equal(false);
    await resetClock();
    expect((await person.send(PATH, { password: NEXT })).status).to.equal(303);
    expect(await person.has(NEXT)).to.equal(true);
  });

  it('needs the token of its own page', async () => {
    const [person, other] = [
      await (await somebody(server)).signIn(),
      await (await somebody(server)).signIn(),
    ];
    const theirs = /name="csrf" value="([^"]+)"/.exec((await other.open(PATH)).page)?.[1] ?? '';
    for (const csrf of ['', theirs]) {
      const { status } = await person.send(PATH, { currentPassword: PASSWORD, password: NEXT }, { csrf });
      expect(status).to.equal(403);
    }
    expect(await person.has(PASSWORD)).to.equal(true);
  });

  it('is changed once by two forms that are sent at once', async () => {
    const person = await (await somebody(server)).signIn();
    const forms = await Promise.all([change(person, PASSWORD, NEXT), change(person, PASSWORD, `${NEXT}-2`)]);
    expect(forms.map(({ status }) => status)).to.satisfy((all: number[]) => all.includes(303));
    expect((await person.open('/account')).status).to.equal(200);
  });

  it('asks anyone who is not signed in any more to sign in, and changes nothing', async () => {
    const person = await (await somebody(server)).signIn();
    const token = /name="csrf" value="([^"]+)"/.exec((await person.open(PATH)).page)?.[1] ?? '';
    await server.domain.lifecycle.signOutEverywhere(person.id);
    const { status, next } = await person.send(
      PATH,
      { currentPassword: PASSWORD, password: NEXT },
      { csrf: token },
    );
    expect(status).to.equal(303);
    expect(new URL(next).pathname).to.equal('/oauth/authorize');
    expect(await person.has(PASSWORD)).to.equal(true);
  });

  it('takes neither a NUL, nor twice the same field, nor another kind of body', async () => {
    const person = await (await somebody(server)).signIn();
    expect((await change(person, PASSWORD, `${NEXT}\0`)).status).to.equal(400);
    const twice = new URLSearchParams({ csrf: '' });
    twice.append('password', NEXT);
    twice.append('password', NEXT);
    expect((await person.post(PATH, twice)).status).to.equal(400);
    expect((await person.post(PATH, new FormData())).status).to.equal(415);
    expect((await change(person, PASSWORD, 'x'.repeat(2000))).status).to.equal(400);
    expect(await person.has(PASSWORD)).to.equal(true);
  });
});
