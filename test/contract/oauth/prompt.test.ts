import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { passwordMethod } from '../../../src/domain/authenticators/password/method.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { authorize, type Parameters, redeem, requestUrl } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const LOGIN_FIELD = 'name="password"';

describe('prompt, max_age and hints', () => {
  let server: TestServer;
  let client: TestClient;
  let agent: BrowserAgent;
  let first: ReturnType<typeof decodeJwt>;
  let firstToken: string;

  beforeEach(async () => {
    server = await testServer();
    client ??= await createClient(server);
    agent = new BrowserAgent();
    firstToken = await idToken();
    first = decodeJwt(firstToken);
  });

  async function idToken(params: Parameters = {}): Promise<string> {
    const { body } = await redeem(server, client, await authorize(server, client, params, agent));
    return body.id_token ?? '';
  }

  const ask = (params: Parameters, browser = agent): Promise<Response> =>
    browser.follow(requestUrl(server, client, params));

  const errorOf = (answer: Response): string | null =>
    new URL(answer.headers.get('location') ?? 'about:blank').searchParams.get('error');

  it('login asks again, although there is a session, and auth_time is later', async () => {
    await moveClock(server.database, 5);
    expect(await (await ask({ prompt: 'login' })).text()).to.include(LOGIN_FIELD);
    const again = decodeJwt(await idToken({ prompt: 'login' }));
    expect(again.sub).to.equal(first.sub);
    expect(again.auth_time).to.be.at.least(Number(first.auth_time) + 5);
  });

  it('max_age asks again when the sign-in is older, with the time of the new one', async () => {
    await moveClock(server.database, 2);
    expect(await (await ask({ max_age: '1' })).text()).to.include(LOGIN_FIELD);
    const again = decodeJwt(await idToken({ max_age: '1' }));
    expect(again.auth_time).to.be.at.least(Number(first.auth_time) + 2);
    expect(again.auth_time).to.be.closeTo(Date.now() / 1000, 60);
  });

  it('max_age lets a younger sign-in pass, with the time of the old one', async () => {
    await moveClock(server.database, 5);
    const [one, two] = [await ask({ max_age: '15000' }), await ask({ max_age: '10000' })];
    for (const answer of [one, two]) expect(answer.headers.get('location')).to.include('code=');
    expect(decodeJwt(await idToken({ max_age: '15000' })).auth_time).to.equal(first.auth_time);
  });

  it('none succeeds with a session, for the same person and time', async () => {
    const silent = decodeJwt(await idToken({ prompt: 'none' }));
    expect(silent).to.include({ sub: first.sub, auth_time: first.auth_time });
  });

  it('none without a session, or without consent, is an error at the client', async () => {
    expect(errorOf(await ask({ prompt: 'none' }, new BrowserAgent()))).to.equal('login_required');
    expect(errorOf(await ask({ prompt: 'none', scope: 'openid address' }))).to.equal('consent_required');
    const other = await createClient(server);
    const url = requestUrl(server, other, { prompt: 'none' });
    expect(errorOf(await agent.follow(url))).to.equal('consent_required');
  });

  it('none with a hint of this person succeeds, of another is login_required', async () => {
    expect(await idToken({ prompt: 'none', id_token_hint: firstToken })).to.be.a('string');
    const stranger = await server.domain.lifecycle.create({
      password: 'correct-horse-battery',
      contacts: [{ kind: 'email', value: `hint-${Date.now()}@example.com`, verified: true }],
    });
    const mail = stranger.contacts[0]?.value ?? '';
    const elsewhere = new BrowserAgent();
    const person = { login: mail, password: 'correct-horse-battery' };
    const { body } = await redeem(server, client, await authorize(server, client, {}, elsewhere, person));
    const answer = await ask({ prompt: 'none', id_token_hint: body.id_token });
    expect(errorOf(answer)).to.equal('login_required');
  });

  it('consent asks again, although everything was allowed', async () => {
    const page = await (await ask({ prompt: 'consent' })).text();
    expect(page).to.match(/action="\/interaction\/[\w-]+\/consent"/);
  });

  it('acr is the one that is announced', async () => {
    expect(decodeJwt(await idToken({ acr_values: passwordMethod.acr })).acr).to.equal(passwordMethod.acr);
    expect(decodeJwt(await idToken({ acr_values: `urn:other ${passwordMethod.acr}` })).acr).to.equal(
      passwordMethod.acr,
    );
  });

  it('acr that is essential and unreachable ends at the client, not in a loop', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:other' } } });
    const { back } = await authorize(server, client, { claims }, new BrowserAgent());
    expect(back.searchParams.get('error')).to.equal('unmet_authentication_requirements');
    expect(back.searchParams.get('state')).to.equal('state-1');
    const within = JSON.stringify({
      id_token: { acr: { essential: true, values: ['urn:other', passwordMethod.acr] } },
    });
    expect(decodeJwt(await idToken({ claims: within })).acr).to.equal(passwordMethod.acr);
  });
});
