import { expect } from 'chai';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient, type TestClient } from '../support/clients.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { PASSWORD, signInToAccount, somebody } from './account/visitor.ts';
import { begin, post, silently, uidOf } from './interaction-steps.ts';

const text = (name: string, version: string) => ({ version, uri: `https://id.example/${name}` });

describe('the terms in a sign-in', () => {
  let server: TestServer;
  /** The same deployment after an upgrade of its terms. */
  let next: TestServer;
  let client: TestClient;

  before(async () => {
    server = await startServer({ pages: { terms: text('terms', '1'), privacy: text('privacy', '1') } });
    client = await createClient(server, { first_party: true, token_endpoint_auth_method: 'none' });
    next = await startServer({ pages: { terms: text('terms', '2'), privacy: text('privacy', '1') } });
  });
  after(() => Promise.all([server.stop(), next.stop()]));

  const request = () => ({ client_id: client.id, redirect_uri: client.redirectUri, ui_locales: 'en' });

  /** Signs in with a fresh browser. Returns the last page, or the URL at the client. */
  async function signIn(at: TestServer, email: string, agent = new BrowserAgent()) {
    const begun = await begin(at, request(), agent);
    const signedIn = await post(begun, 'login', { login: email, password: PASSWORD });
    const answer = await agent.follow(signedIn.headers.get('location') ?? '');
    const page = await answer.text();
    return { agent, page, uid: uidOf(page), back: answer.headers.get('location') };
  }
  type Step = Awaited<ReturnType<typeof signIn>>;
  const VERSION_1 = { answer: 'accept', terms: '1', privacy: '1' };
  async function answer(step: Step, fields: Record<string, string>, path = 'terms') {
    const sent = await post(step, path, fields);
    expect(sent.status).to.equal(303);
    return step.agent.follow(sent.headers.get('location') ?? '');
  }

  it('are requested once of an account that has not accepted them, and recorded', async () => {
    const { id, email } = await somebody(server);
    const step = await signIn(server, email);
    expect(step.page).to.include('Please accept our terms').and.include('https://id.example/privacy');
    expect((await answer(step, VERSION_1)).headers.get('location')).to.include('code=');
    expect((await signIn(server, email)).back).to.include('code=');
    const records = await server.domain.consentRecords.list(id);
    expect(records.map(({ purpose }) => purpose)).to.have.members(['terms', 'privacy']);
    expect(records[0]).to.include({ channel: 'pages', language: 'en', clientId: client.id, version: '1' });
  });

  it('are not requested of someone who registered with them', async () => {
    const { id, email } = await somebody(server, { accepted: { channel: 'customers', language: 'th' } });
    expect((await signIn(server, email)).back).to.include('code=');
    const [first] = await server.domain.consentRecords.list(id);
    expect(first).to.include({ channel: 'customers', language: 'th', version: '1' });
  });

  it('of a new version are requested once, alone', async () => {
    const { id, email } = await somebody(server, { accepted: { channel: 'pages', language: 'th' } });
    const step = await signIn(next, email);
    expect(step.page).to.include('Our terms have changed').and.not.include('https://id.example/privacy');
    expect((await answer(step, { answer: 'accept', terms: '2' })).headers.get('location')).to.include(
      'code=',
    );
    expect((await signIn(next, email)).back).to.include('code=');
    const versions = (await server.domain.consentRecords.list(id)).map((one) => one.purpose + one.version);
    expect(versions.toSorted()).to.deep.equal(['privacy1', 'terms1', 'terms2']);
  });

  it('are not passed by cancelling, nor without a page', async () => {
    const { email } = await somebody(server);
    const step = await signIn(server, email);
    const refused = await answer(step, {}, 'abort');
    expect(refused.headers.get('location')).to.include('error=access_denied');
    expect(await silently(server, step.agent, request())).to.equal('interaction_required');
    const again = await begin(server, request(), step.agent);
    expect(again.page).to.include('Please accept our terms');
    expect((await answer({ ...again, back: null }, VERSION_1)).headers.get('location')).to.include('code=');
    expect(await silently(server, step.agent, request())).to.equal('code');
  });

  it('are accepted as they were shown only', async () => {
    const { id, email } = await somebody(server);
    const step = await signIn(server, email);
    const others: Record<string, string>[] = [
      { ...VERSION_1, terms: '0' },
      { answer: 'accept', terms: '1' },
      { answer: 'later' },
      { terms: '1', privacy: '1' },
    ];
    for (const fields of others)
      expect(await (await answer(step, fields)).text(), JSON.stringify(fields)).to.include('Please accept');
    expect((await post(step, 'terms', VERSION_1, { 'sec-fetch-site': 'cross-site' })).status).to.equal(403);
    expect(await server.domain.consentRecords.list(id)).to.deep.equal([]);
  });

  it('sent twice are accepted once', async () => {
    const { id, email } = await somebody(server);
    const step = await signIn(server, email);
    const both = await Promise.all([post(step, 'terms', VERSION_1), post(step, 'terms', VERSION_1)]);
    expect(both.map(({ status }) => status)).to.deep.equal([303, 303]);
    expect(await server.domain.consentRecords.list(id)).to.have.length(2);
  });

  it('can be put off on the way to My account, where they can be accepted', async () => {
    const person = await somebody(server);
    const login = { login: person.email, password: PASSWORD };
    const asked = await signInToAccount(person.agent, `${server.url}/account?lang=en`, login);
    const page = await asked.text();
    expect(page).to.include('Not now');
    const step = { agent: person.agent, page, uid: uidOf(page), back: null };
    const account = await answer(step, { answer: 'later' });
    expect(await account.text()).to.include('Your consents');
    expect((await person.open('/account/consents')).page).to.include('not accepted yet');
    const accepted = await person.send(
      '/account/consents/accept',
      { terms: '1', privacy: '1' },
      { on: '/account/consents' },
    );
    expect(accepted.next).to.equal('/account/consents?outcome=terms_accepted');
    expect((await signIn(server, person.email)).back).to.include('code=');
  });

  it('do not affect clients without pages', async () => {
    const { email } = await somebody(server);
    const granted = await fetch(`${server.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('client:secret')}` },
      body: new URLSearchParams({ grant_type: 'password', username: email, password: PASSWORD }),
    });
    expect(granted.status).to.equal(200);
  });
});
