import { expect } from 'chai';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient } from '../support/clients.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SOMCHAI } from '../support/sign-in.ts';
import { type Begun, begin, newClient, post, uidOf } from './interaction-steps.ts';

const MARKUP = '<img src=x onerror=alert(1)>';

describe('consent', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  /** Signs in with a fresh browser. Returns the consent page, or the URL at the client. */
  async function signIn(
    more: Record<string, string>,
    agent = new BrowserAgent(),
  ): Promise<{ step: Begun; back: string | null }> {
    const begun = await begin(server, { ui_locales: 'en', ...more }, agent);
    const signedIn = await post(begun, 'login', SOMCHAI);
    const answer = await agent.follow(signedIn.headers.get('location') ?? '');
    const page = await answer.text();
    return { step: { agent, page, uid: uidOf(page) }, back: answer.headers.get('location') };
  }

  const allow = async (step: Begun): Promise<string> => {
    const answer = await post(step, 'consent');
    expect(answer.status).to.equal(303);
    return (await step.agent.follow(answer.headers.get('location') ?? '')).headers.get('location') ?? '';
  };

  it('is asked once and remembered beyond the session', async () => {
    const { id } = await newClient(server);
    const first = await signIn({ client_id: id, scope: 'openid email' });
    expect(first.back).to.equal(null);
    expect(first.step.page)
      .to.include('Allow New app to access your account?')
      .and.include('See your e-mail');
    expect(await allow(first.step)).to.include('code=');
    const second = await signIn({ client_id: id, scope: 'openid email' });
    expect(second.back).to.include('code=');
  });

  it('says what a partner sees of the account through its API', async () => {
    const { id } = await createClient(server, { client_id: '4711', token_endpoint_auth_method: 'none' });
    const { step } = await signIn({ client_id: id, scope: 'openid' });
    expect(step.page).to.include('See your mobile number, your e-mail address and your linked accounts');
    const { id: other } = await newClient(server);
    const app = await signIn({ client_id: other, scope: 'openid' });
    expect(app.step.page).to.not.include('See your mobile number');
  });

  it('is asked for new scopes only', async () => {
    const { id } = await newClient(server);
    await allow((await signIn({ client_id: id, scope: 'openid email' })).step);
    const { step } = await signIn({ client_id: id, scope: 'openid email phone' });
    expect(step.page).to.include('New app requests more access').and.include('See your phone number');
    expect(step.page).to.not.include('See your e-mail');
    await allow(step);
    expect((await signIn({ client_id: id, scope: 'openid email phone' })).back).to.include('code=');
  });

  it('is asked again when the client wants that', async () => {
    const { id } = await newClient(server);
    await allow((await signIn({ client_id: id, scope: 'openid email' })).step);
    const { step } = await signIn({ client_id: id, scope: 'openid email', prompt: 'consent' });
    expect(step.page).to.include('See your e-mail').and.include('Know who you are');
    expect(step.page).to.include('Allow New app to access your account?');
    expect(await allow(step)).to.include('code=');
  });

  it('is not given by signing in, nor by pressing Cancel', async () => {
    const { id } = await newClient(server);
    const { step } = await signIn({ client_id: id });
    const cancelled = await post(step, 'abort');
    const back = await step.agent.follow(cancelled.headers.get('location') ?? '');
    expect(back.headers.get('location')).to.include('error=access_denied');
    expect((await signIn({ client_id: id })).back).to.equal(null);
  });

  it('is not asked for first-party clients', async () => {
    expect((await signIn({ client_id: 'client', scope: 'openid profile email' })).back).to.include('code=');
  });

  it('shows who is asked, and a name of a client as text', async () => {
    const { id } = await newClient(server, MARKUP);
    const { step } = await signIn({ client_id: id });
    expect(step.page).to.include('สมชาย ใจดี').and.include('somchai@example.com');
    expect(step.page).to.include('&lt;img src=x onerror=alert(1)&gt;').and.not.include('<img');
  });

  it('may be told in a claims request, by name', async () => {
    const { id } = await newClient(server);
    const claims = JSON.stringify({ userinfo: { birthdate: null } });
    const { step } = await signIn({ client_id: id, claims });
    expect(step.page).to.include('Date of birth');
    expect(await allow(step)).to.include('code=');
  });
});
