import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { redeem, requestUrl, tokensFor } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { pkce, signInOnPages } from '../../support/sign-in.ts';
import { bearer, customersClient, violationsOf } from './customers-client.ts';
import { messagesTo } from './mails.ts';

const NEXT = 'staple-gun-orchestra';

describe('Customers API: POST /update-password', () => {
  let server: TestServer;
  let api: ReturnType<typeof customersClient>;
  let known: Awaited<ReturnType<typeof api.customer>>;

  before(async () => {
    server = await testServer();
    api = customersClient(server);
  });
  beforeEach(async () => {
    known = await api.customer();
  });

  const update = (body: unknown, headers: Record<string, string> = {}) =>
    api.post('/update-password', body, { ...known.bearer, ...headers });
  const change = (headers = {}) => update({ oldPassword: known.password, newPassword: NEXT }, headers);
  const works = async (token: string): Promise<boolean> =>
    (await api.call('GET', '/customers', { headers: bearer(token) })).status === 200;
  const signsIn = async (password: string): Promise<boolean> =>
    (await api.signIn(known.mobile, password)).status === 200;

  it('puts the new password in place of the old one', async () => {
    const { status, body, headers } = await change();
    expect({ status, body }).to.deep.equal({ status: 200, body: '' });
    expect(headers.get('content-type')).to.equal(null);
    expect(await signsIn(NEXT)).to.equal(true);
    expect(await signsIn(known.password)).to.equal(false);
  });

  it('leaves the token that did it alive, and the refresh token that came with it', async () => {
    await change();
    expect(await works(known.accessToken)).to.equal(true);
    const { status, body } = await api.refresh(known.refreshToken);
    expect(status).to.equal(200);
    expect(await works(body.access_token)).to.equal(true);
  });

  it('kills every other token', async () => {
    const { body: other } = await api.signIn(known.mobile, known.password);
    const weak = await tokensFor(
      server,
      await createClient(server),
      { scope: 'openid offline_access', prompt: 'consent' },
      await signedIn(),
    );
    await change();
    expect(await works(other.access_token)).to.equal(false);
    expect((await api.refresh(other.refresh_token)).body.error).to.equal('invalid_grant');
    const userinfo = await fetch(`${server.url}/oauth/userinfo`, { headers: bearer(weak.access_token) });
    expect(userinfo.status).to.equal(401);
  });

  /** A browser in which the customer is signed in. */
  async function signedIn(): Promise<BrowserAgent> {
    const agent = new BrowserAgent();
    await signInOnPages(agent, requestUrl(server, await publicClient(), withPkce().params), {
      login: known.mobile,
      password: known.password,
    });
    return agent;
  }
  const publicClient = (): Promise<TestClient> =>
    createClient(server, { token_endpoint_auth_method: 'none', first_party: true, scope: 'openid global' });
  function withPkce() {
    const { verifier, challenge } = pkce();
    return { verifier, params: { code_challenge: challenge, code_challenge_method: 'S256' } };
  }
  /** Whether a browser is still signed in. */
  async function isSignedIn(agent: BrowserAgent, client: TestClient): Promise<boolean> {
    const silent = { ...withPkce().params, prompt: 'none' };
    const back = (await agent.follow(requestUrl(server, client, silent))).headers.get('location') ?? '';
    return new URL(back).searchParams.get('error') === null;
  }

  it('kills browsers that are signed in, but the one that the token came from', async () => {
    const client = await publicClient();
    const other = await signedIn();
    const own = await signedIn();
    const { verifier, params } = withPkce();
    const flow = requestUrl(server, client, { ...params, scope: 'openid global' });
    const code = (await signInOnPages(own, flow)).searchParams.get('code') ?? '';
    const { body: tokens } = await redeem(server, client, { code, verifier });
    expect(await isSignedIn(other, client)).to.equal(true);

    expect((await change(bearer(tokens.access_token))).status).to.equal(200);
    expect(await isSignedIn(other, client)).to.equal(false);
    expect(await isSignedIn(own, client)).to.equal(true);
    expect(await works(tokens.access_token)).to.equal(true);
  });

  it('tells the owner by mail, without the password', async () => {
    await change();
    const [mail] = await messagesTo(server, known.email);
    expect(mail?.subject).to.match(/รหัสผ่าน/);
    expect(mail?.text).to.not.include(NEXT).and.not.include(known.password);
  });

  it('needs the current password', async () => {
    const answer = await update({ oldPassword: 'wrong-password', newPassword: NEXT });
    expect(answer.status).to.equal(400);
    expect(violationsOf(answer)).to.deep.equal({ 'updatePassword.oldPassword': 'PWD-10150' });
    expect(await signsIn(known.password)).to.equal(true);
  });

  it('says of both passwords at once what is wrong with them', async () => {
    const answer = await update({ oldPassword: 'wrong-password', newPassword: 'short' });
    expect(answer.status).to.equal(400);
    expect(violationsOf(answer)).to.deep.equal({
      'updatePassword.oldPassword': 'PWD-10150',
      'updatePassword.newPassword': 'PWD-10160',
    });
  });

  it('counts wrong passwords with those of the sign-in', async () => {
    for (let tries = 0; tries < 10; tries += 1)
      await update({ oldPassword: `wrong-${tries}`, newPassword: NEXT });
    const answer = await change();
    expect(answer.status).to.equal(429);
    expect(Number(answer.headers.get('retry-after'))).to.be.within(1, 900);
    expect(answer.body).to.have.keys('error', 'error_description');
  });

  const refused: [what: string, next: () => string][] = [
    ['is too short', () => 'short'],
    ['everybody has', () => 'password123'],
    ['is the mobile', () => known.mobile],
    ['is the e-mail', () => known.email],
    ['is the national id', () => known.thaiId],
    ['is longer than 1,024 bytes', () => 'ก'.repeat(400)],
  ];
  for (const [what, next] of refused) {
    it(`refuses a new one that ${what}`, async () => {
      const answer = await update({ oldPassword: known.password, newPassword: next() });
      expect(answer.status).to.equal(400);
      expect(violationsOf(answer)).to.deep.equal({ 'updatePassword.newPassword': 'PWD-10160' });
    });
  }

  it('names every member that is missing or of another type', async () => {
    const missing = { 'updatePassword.oldPassword': 'REQ-10150', 'updatePassword.newPassword': 'REQ-10160' };
    for (const body of [{}, { oldPassword: null, newPassword: '' }]) {
      const answer = await update(body);
      expect(answer.status).to.equal(400);
      expect(violationsOf(answer)).to.deep.equal(missing);
    }
    expect(violationsOf(await update({ oldPassword: 1, newPassword: ['x'] }))).to.deep.equal({
      'updatePassword.oldPassword': 'FMT-10150',
      'updatePassword.newPassword': 'FMT-10160',
    });
  });

  it('says what is wrong in the language that is requested', async () => {
    const [english] = (await update({}, { 'accept-language': 'en' })).body.violations;
    expect(english.message).to.match(/^[ -~]+$/);
    const [thai] = (await update({})).body.violations;
    expect(thai.message).to.match(/[ก-๙]/);
  });

  it('leaves one password that signs in, of several changes at once', async () => {
    const passwords = Array.from({ length: 5 }, (_, index) => `${NEXT}-${index}`);
    const answers = await Promise.all(
      passwords.map((newPassword) => update({ oldPassword: known.password, newPassword })),
    );
    // 503: another change was first, so the caller's proof must be checked again
    for (const { status } of answers) expect(status).to.be.oneOf([200, 400, 503]);
    const right = [];
    for (const password of passwords) if (await signsIn(password)) right.push(password);
    expect(right).to.have.length(1);
  });
});
