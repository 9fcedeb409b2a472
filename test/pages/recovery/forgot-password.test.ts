import { expect } from 'chai';
import { newMobile } from '../../apis/customers/customers-client.ts';
import type { TestServer } from '../../support/server.ts';
import { silently } from '../interaction-steps.ts';
import { holder, PASSWORD, stepServer, verifyMobile } from '../step-server.ts';
import { alertsOf, headingOf, type Visitor, visitor } from '../visitor.ts';

const NEXT = 'another-horse-battery';

describe('a forgotten password on the pages', () => {
  let server: TestServer;
  before(async () => {
    server = await stepServer();
  });
  after(() => server.stop());

  async function atForm(): Promise<{ person: Visitor; mobile: string; id: number }> {
    const person = visitor(server);
    const somebody = await holder(server);
    const { location } = await verifyMobile(person, '/forgot-password', somebody.mobile);
    expect(location).to.equal('/forgot-password/password');
    await person.open(location);
    return { person, ...somebody };
  }

  async function signsIn(login: string, password: string): Promise<number> {
    const person = visitor(server);
    return (await person.send(`${await person.begin()}/login`, { login, password })).status;
  }

  it('is replaced by a code, on its own', async () => {
    const { person, mobile } = await atForm();
    const answer = await person.send('/forgot-password/password', { password: NEXT });
    expect(answer.location).to.equal('/forgot-password/done');
    expect(headingOf(await person.follow('/forgot-password/done'))).to.equal(
      'Your password has been changed',
    );
    expect(await signsIn(mobile, PASSWORD)).to.equal(400);
    expect(await signsIn(mobile, NEXT)).to.equal(303);
  });

  it('is replaced in a sign-in that goes on to the client', async () => {
    const { mobile } = await holder(server);
    const person = visitor(server);
    const at = await person.begin();
    expect((await person.open(at)).page).to.include(`href="${at}/forgot-password"`);
    const { location } = await verifyMobile(person, `${at}/forgot-password`, mobile);
    await person.open(location);
    const done = await person.send(location, { password: NEXT });
    await person.follow(done.location);
    expect((await person.allow()).searchParams.get('code')).to.match(/\S/);
  });

  it('is replaced by a person who is asked to sign in once more, and starts the request again', async () => {
    const { mobile } = await holder(server);
    const person = visitor(server);
    const first = await person.begin();
    const signedIn = await person.send(`${first}/login`, { login: mobile, password: PASSWORD });
    await person.follow(signedIn.location);
    const at = await person.begin({ prompt: 'login' });
    const { location } = await verifyMobile(person, `${at}/forgot-password`, mobile);
    await person.open(location);
    const done = await person.send(location, { password: NEXT });
    expect(done.location).to.match(/^\/oauth\/authorize\?/);
    expect(headingOf(await person.follow(done.location))).to.equal('Sign in');
  });

  it('ends every session of the account', async () => {
    const { mobile } = await holder(server);
    const elsewhere = visitor(server);
    const at = await elsewhere.begin();
    const signedIn = await elsewhere.send(`${at}/login`, { login: mobile, password: PASSWORD });
    await elsewhere.follow(signedIn.location);
    await elsewhere.allow();
    expect(await silently(server, elsewhere.agent)).to.equal('code');
    const person = visitor(server);
    const { location } = await verifyMobile(person, '/forgot-password', mobile);
    await person.open(location);
    await person.send(location, { password: NEXT });
    expect(await silently(server, elsewhere.agent)).to.equal('login_required');
  });

  it('says what is wrong with the new one, and keeps the code alive', async () => {
    const { person, mobile } = await atForm();
    for (const [password, words] of [
      ['', 'Enter a new password.'],
      ['short-1', 'The password is too short.'],
      ['password123', 'This password is too common. Choose another one.'],
      [mobile, 'The password must not be your name, e-mail address, mobile number or national ID.'],
      ['x'.repeat(1025), 'The password is too long.'],
    ] as const) {
      const answer = await person.send('/forgot-password/password', { password });
      expect(answer.status).to.equal(400);
      expect(alertsOf(answer)).to.deep.equal([words.replaceAll("'", '&#39;')]);
    }
    expect((await person.send('/forgot-password/password', { password: NEXT })).status).to.equal(303);
  });

  it('may be refused any number of times before one is taken', async () => {
    const { person } = await atForm();
    for (let time = 0; time <= server.config.oneTimeCodes.answersPerCode; time += 1)
      expect((await person.send('/forgot-password/password', { password: 'short' })).status).to.equal(400);
    const answer = await person.send('/forgot-password/password', { password: NEXT });
    expect(answer.location).to.equal('/forgot-password/done');
  });

  it('is set once by a form that is sent twice', async () => {
    const { person, mobile } = await atForm();
    const send = () => person.send('/forgot-password/password', { password: NEXT });
    const answers = await Promise.all([send(), send()]);
    expect(answers.map(({ location }) => location)).to.deep.equal(Array(2).fill('/forgot-password/done'));
    const changes = await server.database.knex('audit').where({ event: 'account.password_changed' });
    const id = await server.domain.contacts.holder('mobile', mobile.replace(/^0/, '+66'));
    expect(changes.filter(({ account_id }) => Number(account_id) === id)).to.have.length(1);
  });

  it('does not reveal whether an account exists', async () => {
    const person = visitor(server);
    await person.open('/forgot-password');
    const mobile = newMobile();
    expect((await person.send('/forgot-password', { login: mobile })).location).to.equal(
      '/forgot-password/code',
    );
    expect(await person.codeTo(mobile)).to.equal('');
    await person.open('/forgot-password/code');
    expect((await person.send('/forgot-password/code', { code: '123456' })).status).to.equal(400);
  });

  it('leads a suspended account to no client', async () => {
    const { mobile, id } = await holder(server);
    const person = visitor(server);
    const at = await person.begin();
    const { location } = await verifyMobile(person, `${at}/forgot-password`, mobile);
    await person.open(location);
    await server.domain.lifecycle.suspend(id);
    const done = await person.send(location, { password: NEXT });
    expect(done.location).to.equal(at);
    expect(await silently(server, person.agent)).to.equal('login_required');
  });
});
