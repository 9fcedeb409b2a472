import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { OFFLINE, refresh, tokensFor, userinfo } from '../../support/code-flow.ts';
import { asLastAdmin } from '../../support/last-admin.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { csrfOf, newClient, silently } from '../interaction-steps.ts';
import { alerts, somebody, Visitor } from './visitor.ts';

const PATH = '/account/delete';
const MEANT = { confirmation: 'DELETE' };

describe('deleting an account', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  it('is for those who signed in a moment ago', async () => {
    const person = await somebody(server);
    for (const answer of [await person.open(PATH), await person.post(PATH, new URLSearchParams(MEANT))]) {
      expect(answer.next).to.include('/oauth/authorize?');
    }
    await person.signIn();
    const { page } = await person.open(PATH);
    expect(page.match(/class="primary/g)).to.have.length(1);
    expect(page).to.include(person.email);
    const body = new URLSearchParams({ csrf: csrfOf(page), ...MEANT });
    await moveClock(server.database, 301);
    for (const { next } of [await person.open(PATH), await person.post(PATH, body)]) {
      expect(new URL(next).searchParams.get('prompt')).to.equal('login');
    }
    expect((await person.account())?.status).to.equal('active');
  });

  it('takes the word in either language and nothing else', async () => {
    for (const confirmation of ['delete', ' ลบ ']) {
      const person = await (await somebody(server)).signIn();
      expect((await person.send(PATH, { confirmation })).status, confirmation).to.equal(303);
    }
    const person = await (await somebody(server)).signIn();
    for (const confirmation of ['', 'yes', 'DELETE IT', 'D'.repeat(5000)]) {
      const answer = await person.send(PATH, { confirmation });
      expect(answer.status, confirmation.slice(0, 10)).to.equal(400);
      expect(alerts(answer.page)).to.have.length(1);
    }
    expect((await person.send(PATH, {})).status).to.equal(400);
    expect((await person.account())?.status).to.equal('active');
  });

  it('says what the last admin has to do first', async () => {
    const person = await (await somebody(server)).signIn();
    await asLastAdmin(server, person.id, async () => {
      const answer = await person.send(PATH, MEANT);
      expect(answer.status).to.equal(409);
      expect(alerts(answer.page).join()).to.include('Give the role to another account first.');
      expect((await person.account())?.status).to.equal('active');
    });
    expect((await person.send(PATH, MEANT)).status).to.equal(303);
  });

  it('erases the person, ends everything at once and takes the cookie', async () => {
    const person = await (await somebody(server)).signIn();
    const other = await new Visitor(server, person.id, person).signIn();
    const app = await newClient(server);
    const tokens = await tokensFor(server, app, OFFLINE, person.agent);
    expect([...person.agent.cookies.keys()]).to.include.members(['sid', 'sid.sig']);
    const answer = await person.send(PATH, MEANT);
    expect(answer.status).to.equal(303);
    expect(answer.next).to.include(`${PATH}/done?receipt=`);
    expect([...person.agent.cookies.keys()]).to.not.include.members(['sid']);
    expect([...person.agent.cookies.keys()]).to.not.include.members(['sid.sig']);
    expect((await person.open(answer.next)).page).to.include('Your account has been deleted');
    expect((await person.account())?.status).to.equal('deleted');
    expect((await person.account())?.contacts).to.deep.equal([]);
    expect(await silently(server, other.agent)).to.equal('login_required');
    expect((await other.open('/account')).status).to.equal(303);
    expect((await userinfo(server, tokens.access_token)).status).to.equal(401);
    expect((await refresh(server, app, tokens.refresh_token)).body.error).to.equal('invalid_grant');
  });

  it('may be asked for twice at once', async () => {
    const person = await (await somebody(server)).signIn();
    const body = new URLSearchParams({ csrf: csrfOf((await person.open(PATH)).page), ...MEANT });
    const answers = await Promise.all([person.post(PATH, body), person.post(PATH, body)]);
    expect(answers.map(({ status }) => status)).to.deep.equal([303, 303]);
    expect((await person.account())?.status).to.equal('deleted');
  });

  it('never touches another account, and needs a form of ours', async () => {
    const [person, other] = [await somebody(server), await somebody(server)];
    await person.signIn();
    await other.signIn();
    const fields = { ...MEANT, account: String(other.id), id: String(other.id) };
    expect((await person.post(PATH, new URLSearchParams(fields))).status).to.equal(403);
    expect((await person.account())?.status).to.equal('active');
    expect((await person.send(PATH, fields)).status).to.equal(303);
    expect((await other.account())?.status).to.equal('active');
    expect((await other.open('/account')).status).to.equal(200);
  });

  it('says so to anyone who opens that page', async () => {
    expect((await (await somebody(server)).open(`${PATH}/done?lang=en`)).status).to.equal(200);
  });
});
