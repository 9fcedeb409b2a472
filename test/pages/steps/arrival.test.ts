import { expect } from 'chai';
import { newMobile } from '../../apis/customers/customers-client.ts';
import { moveClock } from '../../support/clock.ts';
import type { TestServer } from '../../support/server.ts';
import { complete, holder, newPerson, PASSWORD, stepServer, verifyMobile } from '../step-server.ts';
import { headingOf, type Visitor, visitor } from '../visitor.ts';

describe('signing in after steps on their own', () => {
  let server: TestServer;
  before(async () => {
    server = await stepServer();
  });
  after(() => server.stop());

  async function register(person: Visitor, mobile = newMobile()): Promise<string> {
    const { location } = await verifyMobile(person, '/register', mobile);
    await person.open(location);
    expect((await complete(person, location, newPerson({ firstName: 'ฝอย' }))).location).to.equal(
      '/register/done',
    );
    return mobile;
  }

  /** Opens My account. Returns its page and whether the person is signed in. */
  async function atAccount(person: Visitor) {
    const seen = await person.open('/account');
    return { signedIn: seen.status === 200, page: seen.page };
  }

  it('is done for anyone who has registered, who goes on to My account', async () => {
    const person = visitor(server);
    await register(person);
    const done = await person.follow('/register/done');
    expect([done.status, headingOf(done)]).to.deep.equal([200, 'Your account is ready']);
    expect(done.page).to.include('href="/account">Go to my account</a>');
    const { signedIn, page } = await atAccount(person);
    expect(signedIn).to.equal(true);
    expect(page).to.include('ฝอย ขัดหม้อ');
  });

  it('is done for anyone who has a new password', async () => {
    const { mobile } = await holder(server);
    const person = visitor(server);
    const { location } = await verifyMobile(person, '/forgot-password', mobile);
    await person.open(location);
    const { location: done } = await person.send(location, { password: 'another-horse-battery' });
    expect(headingOf(await person.follow(done))).to.equal('Your password has been changed');
    expect((await atAccount(person)).signedIn).to.equal(true);
  });

  it('happens once, within a minute, and in this browser only', async () => {
    const person = visitor(server);
    await register(person);
    const copied = person.agent.cookies.get('arriving')?.value ?? '';
    expect(copied).to.match(/^[\w-]{50,}$/);
    const thief = visitor(server);
    await thief.open('/register');
    thief.agent.setCookie('arriving', copied);
    expect(headingOf(await thief.follow('/register/done'))).to.equal('Sign in');
    expect((await atAccount(thief)).signedIn).to.equal(false);

    await moveClock(server.database, 61);
    expect(headingOf(await person.follow('/register/done'))).to.equal('Sign in');
    expect((await atAccount(person)).signedIn).to.equal(false);
  });

  it('says nothing of what was not done', async () => {
    for (const path of ['/register/done', '/forgot-password/done'])
      expect(headingOf(await visitor(server).follow(path)), path).to.equal('Sign in');
  });

  it('sends the browser to the sign-in once, whatever becomes of it', async () => {
    const person = visitor(server);
    await register(person);
    expect((await person.open('/register/done')).location).to.match(/^\/oauth\/authorize\?client_id=account/);
    expect(headingOf(await person.open('/register/done'))).to.equal('Your account is ready');
  });

  it('signs in nobody at another client', async () => {
    const person = visitor(server);
    await register(person);
    const at = await person.begin();
    expect((await person.open(at)).page).to.include('name="password"');
  });

  it('asks anyone who is signed in as someone else before that session ends', async () => {
    const person = visitor(server);
    const { mobile } = await holder(server);
    const at = await person.begin({ client_id: 'spa' });
    await person.follow((await person.send(`${at}/login`, { login: mobile, password: PASSWORD })).location);
    await register(person);
    const between = await person.follow('/register/done');
    expect(between.page).to.include('data-forward').and.include('/oauth/logout/confirm');
  });
});
