import { expect } from 'chai';
import { BrowserAgent } from '../support/browser-agent.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SOMCHAI } from '../support/sign-in.ts';
import { type Begun, begin, newClient, post, silently, uidOf } from './interaction-steps.ts';
import { holder, PASSWORD } from './step-server.ts';

describe('which account a sign-in goes on with', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  const english = { ui_locales: 'en' };

  /** Sends a form of a page, and the forms that send themselves. Returns the next page, or the URL at the client. */
  async function takeStep(begun: Begun, step: string, fields: Record<string, string> = {}) {
    const answer = await post(begun, step, fields);
    expect(answer.status).to.equal(303);
    let shown = await begun.agent.follow(answer.headers.get('location') ?? '');
    let page = await shown.text();
    if (page.includes('data-forward')) {
      const action = /<form[^>]* action="([^"]+)" data-forward/.exec(page)?.[1] ?? '';
      shown = await begun.agent.submit(action, {}, page);
      page = await shown.text();
    }
    const back = shown.headers.get('location');
    return { ...begun, page, uid: uidOf(page), back: back === null ? undefined : new URL(back) };
  }

  async function other() {
    const { mobile } = await holder(server);
    return { login: mobile, password: PASSWORD };
  }

  /** A browser in which the demonstration's account is signed in. */
  async function signedIn(): Promise<BrowserAgent> {
    const agent = new BrowserAgent();
    await takeStep(await begin(server, english, agent), 'login', SOMCHAI);
    return agent;
  }

  const select = { prompt: 'select_account', ...english };

  it('is asked with prompt=select_account, and may be the one that is signed in', async () => {
    const agent = await signedIn();
    const { id } = await newClient(server);
    const asked = await begin(server, { client_id: id, ...select }, agent);
    expect(asked.page).to.include('Choose an account').and.include('somchai@example.com');
    expect(asked.page.match(/<button class="primary"/g)).to.have.length(1);
    const consent = await takeStep(asked, 'account');
    expect(consent.page).to.include('class="grants"').and.include('somchai@example.com');
    expect((await takeStep(consent, 'consent')).back?.searchParams.get('code')).to.match(/\S/);
  });

  it('may be another one, from the account page and from the consent: "not you?"', async () => {
    for (const more of [select, english]) {
      const agent = await signedIn();
      const { id } = await newClient(server);
      const first = await begin(server, { client_id: id, login_hint: 'somchai@example.com', ...more }, agent);
      expect(first.page).to.include('Use another account');
      const login = await takeStep(first, 'other-account');
      expect(login.page).to.include('id="login"').and.not.include('somchai@example.com');
      const credentials = await other();
      const consent = await takeStep(login, 'login', credentials);
      expect(consent.page).to.include('class="grants"').and.include(credentials.login);
      expect((await takeStep(consent, 'consent')).back?.searchParams.get('code')).to.match(/\S/);
      expect(await silently(server, agent, { client_id: id })).to.equal('code');
    }
  });

  it('is not asked of the signer in for the request, and nothing goes on without a page', async () => {
    const { id } = await newClient(server);
    const login = await begin(server, { client_id: id, ...select });
    expect(login.page).to.include('name="password"').and.not.include('Use another account');
    const consent = await takeStep(login, 'login', SOMCHAI);
    expect(consent.page).to.include('class="grants"');
    const asked = await begin(server, select, await signedIn());
    expect((await post(asked, 'consent')).headers.get('location')).to.equal(`/interaction/${asked.uid}`);
    expect(
      (await asked.agent.request(`${server.url}/interaction/${asked.uid}/login`)).headers.get('location'),
    ).to.equal(`/interaction/${asked.uid}`);
  });

  it('can be refused, and no form from elsewhere chooses', async () => {
    const asked = await begin(server, select, await signedIn());
    for (const step of ['account', 'other-account'])
      expect((await post(asked, step, { csrf: 'x' })).status, step).to.equal(403);
    expect((await takeStep(asked, 'abort')).back?.searchParams.get('error')).to.equal('access_denied');
  });

  it('takes both prompts, one after the other', async () => {
    const asked = await begin(server, { ...english, prompt: 'select_account login' }, await signedIn());
    const login = await takeStep(asked, 'account');
    expect(login.page).to.include('name="password"').and.include('value="somchai@example.com"');
    const { page, back } = await takeStep(login, 'login', SOMCHAI);
    expect(back?.searchParams.get('code') ?? page)
      .to.match(/\S/)
      .and.not.include('name="password"');
  });

  it('is known where the person must re-authenticate, and only the password is to type', async () => {
    const agent = await signedIn();
    const { page } = await begin(server, { prompt: 'login', ...english }, agent);
    expect(page).to.match(/id="login"[^>]* value="somchai@example.com"/);
    expect(page).to.match(/id="password"[^>]* autofocus/);
    expect(page).to.include('Not you? Use another account');
    const wrong = await post(await begin(server, { prompt: 'login', ...english }, agent), 'login', {
      login: 'somchai@example.com',
      password: 'wrong-password',
    });
    expect(await wrong.text()).to.include('<a href="#password">The password is wrong.</a>');
    const again = await begin(server, { prompt: 'login', ...english }, agent);
    const sms = await again.agent.request(`${server.url}/interaction/${again.uid}/sms`);
    expect(await sms.text()).to.match(/id="login"[^>]* value="0812345678"/);
    const login = await takeStep(again, 'other-account');
    expect(login.page).to.include('id="login"').and.not.include('somchai@example.com');
  });

  it('is not given away by prompt=none', async () => {
    expect(await silently(server, await signedIn(), { prompt: 'none select_account' })).to.equal(
      'invalid_request',
    );
  });
});
