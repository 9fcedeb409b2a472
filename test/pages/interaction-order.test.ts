import { expect } from 'chai';
import { moveClock } from '../support/clock.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SOMCHAI } from '../support/sign-in.ts';
import { type Begun, begin, newClient, post, silently, uidOf } from './interaction-steps.ts';

describe('the steps of a sign-in', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  const open = async (begun: Begun): Promise<string> =>
    (await begun.agent.request(`/interaction/${begun.uid}`)).text();

  /** Signs in at a client without any consent, and arrives at the consent page. */
  async function atConsent(): Promise<Begun & { loginUid: string; clientId: string }> {
    const { id: clientId } = await newClient(server);
    const begun = await begin(server, { client_id: clientId });
    const signedIn = await post(begun, 'login', SOMCHAI);
    const page = await (await begun.agent.follow(signedIn.headers.get('location') ?? '')).text();
    return { agent: begun.agent, page, uid: uidOf(page), loginUid: begun.uid, clientId };
  }

  it('cannot be skipped: consent before the login leads back to the login', async () => {
    const begun = await begin(server);
    const answer = await post(begun, 'consent');
    expect(answer.status).to.equal(303);
    expect(answer.headers.get('location')).to.equal(`/interaction/${begun.uid}`);
    expect(await open(begun)).to.include('name="password"');
    expect(await silently(server, begun.agent)).to.equal('login_required');
  });

  it('cannot be skipped by going on without an answer', async () => {
    const begun = await begin(server);
    const answer = await begun.agent.follow(`/oauth/authorize/${begun.uid}`);
    expect(await answer.text()).to.include('name="password"');
    expect(await silently(server, begun.agent)).to.equal('login_required');
  });

  it('are not taken twice: the login at the consent leads back to the consent', async () => {
    const consent = await atConsent();
    expect(consent.page).to.include('class="grants"');
    const answer = await post(consent, 'login', SOMCHAI);
    expect(answer.status).to.equal(303);
    expect(answer.headers.get('location')).to.equal(`/interaction/${consent.uid}`);
    expect(await open(consent)).to.include('class="grants"');
  });

  it('are over when they are over', async () => {
    const consent = await atConsent();
    const stale = await post({ ...consent, uid: consent.loginUid }, 'login', SOMCHAI);
    expect(stale.status).to.equal(400);
    const done = await consent.agent.follow((await post(consent, 'consent')).headers.get('location') ?? '');
    expect(done.headers.get('location')).to.include('code=');
    for (const step of ['consent', 'abort', 'login']) {
      const replayed = await post(consent, step, SOMCHAI);
      expect(replayed.status, step).to.equal(400);
      expect(await replayed.text()).to.include('กรุณาเริ่มใหม่อีกครั้ง');
    }
  });

  it('wait a quarter of an hour for the person, and no longer', async () => {
    const begun = await begin(server);
    await moveClock(server.database, 890);
    expect(await open(begun)).to.include('name="password"');
    await moveClock(server.database, 20);
    expect((await begun.agent.request(`/interaction/${begun.uid}`)).status).to.equal(400);
    expect((await post(begun, 'login', SOMCHAI)).status).to.equal(400);
    expect(await silently(server, begun.agent)).to.equal('login_required');
  });

  for (const step of ['skip', 'login/', 'Login', '%6cogin%00', '__proto__']) {
    it(`has no step ${step}`, async () => {
      const begun = await begin(server);
      const answer = await post(begun, step, SOMCHAI);
      expect(answer.status).to.be.within(400, 404);
      expect(await silently(server, begun.agent)).to.equal('login_required');
    });
  }

  it('takes the step from the address alone', async () => {
    const begun = await begin(server);
    await post(begun, 'consent', {
      action: 'login',
      step: 'login',
      prompt: 'login',
      account: '1',
      ...SOMCHAI,
    });
    expect(await silently(server, begun.agent)).to.equal('login_required');
  });

  it('ends in access_denied when the person cancels, at the login and at the consent', async () => {
    for (const begun of [await begin(server), await atConsent()]) {
      const answer = await post(begun, 'abort');
      expect(answer.status).to.equal(303);
      const back = await begun.agent.follow(answer.headers.get('location') ?? '');
      const { searchParams } = new URL(back.headers.get('location') ?? '');
      expect(searchParams.get('error')).to.equal('access_denied');
      expect(searchParams.get('state')).to.equal('state-1');
    }
  });
});
