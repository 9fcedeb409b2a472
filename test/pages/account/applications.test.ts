import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { OFFLINE, refresh, tokensFor, userinfo } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { csrfOf, newClient, silently } from '../interaction-steps.ts';
import { notice, somebody, type Visitor } from './visitor.ts';

const PATH = '/account/applications';
const WITHDRAW = `${PATH}/withdraw`;

describe('the page of applications', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  /** A person who has granted an application access, and the application's tokens. */
  async function allowed(name = 'Coffee app') {
    const person = await (await somebody(server)).signIn();
    const app = await newClient(server, name);
    const tokens = await tokensFor(
      server,
      app,
      { ...OFFLINE, scope: 'openid email offline_access' },
      person.agent,
    );
    return { person, app, tokens };
  }
  const consented = ({ id }: Visitor, client: { id: string }) => server.domain.consents.find(id, client.id);

  it('is for those who are signed in', async () => {
    const stranger = await somebody(server);
    for (const answer of [await stranger.open(PATH), await stranger.post(WITHDRAW, new URLSearchParams())]) {
      expect(answer.next).to.include('/oauth/authorize?');
    }
  });

  it('says what was allowed to whom', async () => {
    const person = await (await somebody(server)).signIn();
    expect((await person.open(PATH)).page).to.include('You have not allowed any applications yet.');
    const mine = await allowed('Coffee \u202eapp');
    const { page } = await mine.person.open(PATH);
    expect(page).to.include('<h2>Coffee app</h2>');
    expect(page)
      .to.include('See your e-mail address')
      .and.include('Keep this access when you are not using the app');
    expect(page).to.not.include('See your address<');
  });

  it('withdraws: the permission is gone and the tokens are invalid at once', async () => {
    const { person, app, tokens } = await allowed();
    const other = await newClient(server, 'Other app');
    const preservedSession = await tokensFor(server, other, OFFLINE, person.agent);
    const answer = await person.send(WITHDRAW, { client: app.id }, { on: PATH });
    expect([answer.status, answer.next]).to.deep.equal([303, `${PATH}?outcome=consent_withdrawn`]);
    const { page } = await person.open(answer.next);
    expect(notice(page)).to.include('revoked');
    expect(page).to.not.include('Coffee app');
    expect(page).to.include('Other app');
    expect((await userinfo(server, tokens.access_token)).status).to.equal(401);
    expect((await refresh(server, app, tokens.refresh_token)).body.error).to.equal('invalid_grant');
    const asked = { client_id: app.id, redirect_uri: app.redirectUri };
    expect(await silently(server, person.agent, asked)).to.equal('consent_required');
    expect((await userinfo(server, preservedSession.access_token)).status).to.equal(200);
  });

  it('withdraws once: a button pressed twice shows the list twice', async () => {
    const { person, app } = await allowed();
    const body = new URLSearchParams({ csrf: csrfOf((await person.open(PATH)).page), client: app.id });
    const answers = await Promise.all([person.post(WITHDRAW, body), person.post(WITHDRAW, body)]);
    for (const { next } of answers) expect(next).to.equal(`${PATH}?outcome=consent_withdrawn`);
  });

  it('never touches what others allowed', async () => {
    const theirs = await allowed('Tea app');
    const { person } = await allowed();
    expect((await person.open(PATH)).page).to.not.include('Tea app');
    for (const client of [theirs.app.id, 'unknown', '']) {
      expect((await person.send(WITHDRAW, { client }, { on: PATH })).status).to.equal(404);
    }
    expect(await consented(theirs.person, theirs.app)).to.not.equal(undefined);
    expect((await userinfo(server, theirs.tokens.access_token)).status).to.equal(200);
  });

  it('changes nothing with an old sign-in, nor by a form that is not its own', async () => {
    const { person, app } = await allowed();
    expect((await person.post(WITHDRAW, new URLSearchParams({ client: app.id }))).status).to.equal(403);
    await moveClock(server.database, 301);
    const answer = await person.send(WITHDRAW, { client: app.id }, { on: PATH });
    expect(new URL(answer.next).searchParams.get('prompt')).to.equal('login');
    expect(await consented(person, app)).to.not.equal(undefined);
  });
});
