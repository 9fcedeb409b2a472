import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { moveClock } from '../../support/clock.ts';
import { OFFLINE, refresh, tokensFor, userinfo } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { newClient, silently } from '../interaction-steps.ts';
import { alerts, notice, PASSWORD, signInToAccount, somebody, Visitor } from './visitor.ts';

const PATH = '/account/sessions';
const END = `${PATH}/end`;
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Version/19.1 Mobile/15E148 Safari/604.1';

/** A browser with a user agent of its own. */
class NamedAgent extends BrowserAgent {
  override request(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = { 'user-agent': PHONE, ...(init.headers as Record<string, string>) };
    return super.request(url, { ...init, headers });
  }
}

const valuesOf = (page: string, name: string): string[] =>
  [...page.matchAll(new RegExp(`name="${name}" value="([^"]+)"`, 'g'))].map(([, value = '']) => value);

describe('the page of sessions', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  /** The same person in another browser. */
  const elsewhere = ({ id, mobile, email }: Visitor): Promise<Visitor> =>
    new Visitor(server, id, { mobile, email }).signIn();
  const isSignedIn = async ({ agent }: Visitor): Promise<boolean> =>
    (await silently(server, agent)) !== 'login_required';

  it('is for those who are signed in', async () => {
    const stranger = await somebody(server);
    for (const answer of [await stranger.open(PATH), await stranger.post(END, new URLSearchParams())]) {
      expect(answer.status).to.equal(303);
      expect(answer.next).to.include('/oauth/authorize?');
    }
  });

  it('puts the sessions of browsers that look alike under one device', async () => {
    const person = await (await somebody(server)).signIn();
    for (let one = 0; one < 2; one += 1)
      await signInToAccount(new NamedAgent(), `${server.url}/account`, {
        login: person.email,
        password: PASSWORD,
      });
    const { page } = await person.open(PATH);
    expect(page.match(/<strong>Safari on iPhone<\/strong>/g)).to.have.length(1);
    expect(page).to.include('2 sign-ins');
    expect(valuesOf(page, 'session')).to.have.length(2);
    const overview = (await person.open('/account')).page;
    expect(overview).to.include('2 devices').and.include('You sign in with: Password · SMS code');
  });

  it('lists devices by name with the times of their sessions, and marks this one', async () => {
    const person = await (await somebody(server)).signIn();
    await signInToAccount(new NamedAgent(), `${server.url}/account`, {
      login: person.email,
      password: PASSWORD,
    });
    const { status, page } = await person.open(PATH);
    expect(status).to.equal(200);
    expect(page).to.include('Safari on iPhone').and.include('Unknown browser').and.not.include('127.0.0.0');
    expect(page.match(/This browser/g)).to.have.length(1);
    // this browser has no button of its own
    expect(valuesOf(page, 'session')).to.have.length(1);
    const thai = (await person.open(`${PATH}?lang=th`)).page;
    expect(thai)
      .to.include('Safari บน iPhone')
      .and.match(/25\d\d/);
  });

  it('ends one, which is anonymous at once at the protocol too', async () => {
    const person = await (await somebody(server)).signIn();
    const other = await elsewhere(person);
    expect(await isSignedIn(other)).to.equal(true);
    const [session = ''] = valuesOf((await person.open(PATH)).page, 'session');
    const answer = await person.send(END, { session }, { on: PATH });
    expect([answer.status, answer.next]).to.deep.equal([303, `${PATH}?outcome=session_ended`]);
    expect(notice((await person.open(answer.next)).page)).to.equal('The browser has been signed out.');
    expect(await isSignedIn(other)).to.equal(false);
    expect((await other.open(PATH)).status).to.equal(303);
    expect(await isSignedIn(person)).to.equal(true);
  });

  it('ends with a browser what clients got through it, and nothing that they got elsewhere', async () => {
    const person = await (await somebody(server)).signIn();
    const other = await elsewhere(person);
    const app = await newClient(server);
    const there = await tokensFor(server, app, OFFLINE, other.agent);
    const here = await tokensFor(server, app, OFFLINE, person.agent);
    const [session = ''] = valuesOf((await person.open(PATH)).page, 'session');
    await person.send(END, { session }, { on: PATH });
    expect((await userinfo(server, there.access_token)).status).to.equal(401);
    expect((await refresh(server, app, there.refresh_token)).body.error).to.equal('invalid_grant');
    expect((await userinfo(server, here.access_token)).status).to.equal(200);
  });

  it('ends one once: a button pressed twice shows the list twice', async () => {
    const person = await (await somebody(server)).signIn();
    await elsewhere(person);
    const { page } = await person.open(PATH);
    const body = new URLSearchParams({
      csrf: valuesOf(page, 'csrf')[0] ?? '',
      session: valuesOf(page, 'session')[0] ?? '',
    });
    const answers = await Promise.all([person.post(END, body), person.post(END, body)]);
    answers.push(await person.post(END, body));
    for (const { next } of answers) expect(next).to.equal(`${PATH}?outcome=session_ended`);
    const ended = await server.database
      .knex('audit')
      .where({ event: 'session.ended', account_id: person.id });
    expect(ended).to.have.length(1);
  });

  it("never touches what is not the account's", async () => {
    const [person, stranger] = await Promise.all([somebody(server), somebody(server)]);
    await stranger.signIn();
    const theirs = await tokensFor(server, await newClient(server), OFFLINE, stranger.agent);
    await person.signIn();
    const [{ uid = '' } = {}] = await server.domain.sessions.list(stranger.id);
    const [{ id = '' } = {}] = await server.domain.accessGrants.list(stranger.id);
    expect([uid, id]).to.not.include('');
    for (const session of [uid, 'unknown', '', 'x'.repeat(5000)]) {
      expect((await person.send(END, { session }, { on: PATH })).status, session).to.equal(404);
    }
    for (const grant of [id, 'unknown', '', `${id}0`, id.toUpperCase().replace(/\d/g, 'Z')]) {
      const answer = await person.send(`${PATH}/end-access`, { grant }, { on: PATH });
      expect(answer.status, grant).to.equal(404);
    }
    expect(await isSignedIn(stranger)).to.equal(true);
    expect((await userinfo(server, theirs.access_token)).status).to.equal(200);
  });

  it('ends the access of one client and leaves others theirs', async () => {
    const person = await (await somebody(server)).signIn();
    const [app, other] = [await newClient(server, 'First app'), await newClient(server, 'Second app')];
    const tokens = await tokensFor(server, app, OFFLINE, person.agent);
    const preservedSession = await tokensFor(server, other, OFFLINE, person.agent);
    expect((await person.open(PATH)).page)
      .to.include('First app')
      .and.include('Second app');
    const mine = await server.domain.accessGrants.list(person.id);
    const grant = mine.find(({ clientId }) => clientId === app.id)?.id ?? '';
    const answer = await person.send(`${PATH}/end-access`, { grant }, { on: PATH });
    expect(answer.next).to.equal(`${PATH}?outcome=access_ended`);
    const { page } = await person.open(answer.next);
    expect(page).to.not.include('First app');
    expect(page).to.include('Second app');
    expect((await userinfo(server, tokens.access_token)).status).to.equal(401);
    expect((await refresh(server, app, tokens.refresh_token)).body.error).to.equal('invalid_grant');
    expect((await refresh(server, other, preservedSession.refresh_token)).status).to.equal(200);
  });

  it('signs out everywhere else, and tells the owner', async () => {
    const person = await (await somebody(server)).signIn();
    const [second, third] = [await elsewhere(person), await elsewhere(person)];
    const tokens = await tokensFor(server, await newClient(server), OFFLINE, second.agent);
    const answer = await person.send(`${PATH}/end-others`, {}, { on: PATH });
    expect(answer.next).to.equal(`${PATH}?outcome=others_ended`);
    expect(await Promise.all([person, second, third].map(isSignedIn))).to.deep.equal([true, false, false]);
    expect((await userinfo(server, tokens.access_token)).status).to.equal(401);
    const { page } = await person.open(PATH);
    expect(valuesOf(page, 'session')).to.deep.equal([]);
    expect(page).to.include('No application currently has access');
    const mails = await server.domain.outbox.list({ to: person.email, limit: 10 });
    expect(mails.map(({ subject }) => subject).join()).to.match(/ออกจากระบบ/);
  });

  it('changes nothing with an old sign-in: it asks for a new one and comes back', async () => {
    const person = await (await somebody(server)).signIn();
    const other = await elsewhere(person);
    await moveClock(server.database, 301);
    const { page } = await person.open(PATH);
    expect(page).to.include('You will be asked to sign in again');
    const [session = ''] = valuesOf(page, 'session');
    for (const [path, fields] of [
      [END, { session }],
      [`${PATH}/end-access`, { grant: 'x' }],
      [`${PATH}/end-others`, {}],
    ] as const) {
      const answer = await person.send(path, fields, { on: PATH });
      expect(new URL(answer.next).searchParams.get('prompt'), path).to.equal('login');
    }
    expect(await isSignedIn(other)).to.equal(true);
    const again = await person.send(END, { session }, { on: PATH });
    const back = await signInToAccount(person.agent, again.next, { login: person.email, password: PASSWORD });
    expect([back.status, new URL(person.agent.location).pathname]).to.deep.equal([200, PATH]);
    expect((await person.send(END, { session }, { on: PATH })).status).to.equal(303);
    expect(await isSignedIn(other)).to.equal(false);
  });

  it('refuses a form that is not its own', async () => {
    const person = await (await somebody(server)).signIn();
    const other = await elsewhere(person);
    const [session = ''] = valuesOf((await person.open(PATH)).page, 'session');
    for (const path of [END, `${PATH}/end-access`, `${PATH}/end-others`]) {
      expect((await person.post(path, new URLSearchParams({ session }))).status, path).to.equal(403);
      expect((await person.send(path, { session }, { on: PATH, csrf: 'x' })).status, path).to.equal(403);
    }
    const twice = new URLSearchParams([
      ['session', session],
      ['session', session],
    ]);
    expect((await person.post(END, twice)).status).to.equal(400);
    expect(alerts((await person.open(PATH)).page)).to.deep.equal([]);
    expect(await isSignedIn(other)).to.equal(true);
  });
});
