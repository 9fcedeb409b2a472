import { expect } from 'chai';
import { jwtVerify } from 'jose';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient } from '../../support/clients.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { authorizationUrl, pkce, signInOnPages } from '../../support/sign-in.ts';
import { messagesTo } from '../customers/mails.ts';
import { newEmail, PASSWORD, selfServiceClient } from './self-service-client.ts';

const OWN_PAGE = '/customers/do_reset';

describe('Self-service API: sign-up and forgotten passwords', () => {
  let server: TestServer;
  let api: ReturnType<typeof selfServiceClient>;
  let email: string;

  before(async () => {
    server = await startServer({ server: { trustProxy: 1 } });
    api = selfServiceClient(server);
  });
  after(() => server.stop());
  beforeEach(() => {
    email = newEmail();
  });

  const signUp = (body: Record<string, unknown> = {}) =>
    api.post('', { email, name: 'Test Name', ...body }, { 'accept-language': 'en' });
  const secretFor = async (to = email) => ({
    identifier: await api.mailed(to, 'identifier'),
    secret: await api.mailed(to, 'secret'),
  });
  const activate = (proof: { identifier: string; secret: string }, password = PASSWORD, check = password) =>
    api.post('/activate', { ...proof, password, password_check: check });
  const requestReset = (to = email, reset_uri = OWN_PAGE) =>
    api.post('/password_reset', { email: to, reset_uri }, { 'accept-language': 'en' });
  const reset = (code: string, to = email) => api.post('/do_reset', { email: to, code });

  describe('POST /customers, POST /customers/activate', () => {
    it('make an account whose password is set by who reads the mail', async () => {
      expect(await signUp()).to.deep.include({ status: 200, body: { result: 'activation_sent' } });
      expect((await api.login(email)).status).to.equal(401);
      expect(await activate(await secretFor())).to.deep.include({
        status: 200,
        body: { result: 'activated' },
      });
      const { body } = await api.login(email);
      const { body: profile } = await api.send('GET', '/customers/self', undefined, {
        authorization: body.token,
      });
      expect(profile).to.include({ name: 'Test Name', email, mobile: null });
    });

    it('answer alike when someone has the address; its owner gets a notice and no secret', async () => {
      const owner = await api.customer();
      expect(await signUp({ email: owner.email })).to.deep.include({
        status: 200,
        body: { result: 'activation_sent' },
      });
      const [notice] = await messagesTo(server, owner.email);
      expect(notice?.text).not.to.match(/secret:/);
      expect((await api.login(owner.email)).status).to.equal(200);
    });

    it('refuse what is wrong by name', async () => {
      const wrong: [body: Record<string, unknown>, member: string][] = [
        [{ email: 'nobody' }, 'email'],
        [{ email: [email] }, 'email'],
        [{ email: `a\0${email}` }, 'email'],
        [{ name: '' }, 'name'],
        [{ name: '<b>x</b>' }, 'name'],
        [{ name: 'x'.repeat(102) }, 'name'],
        [{ activate_uri: { a: 1 } }, 'activate_uri'],
      ];
      for (const [body, member] of wrong) {
        const answer = await signUp(body);
        expect(answer.status, JSON.stringify(body)).to.equal(400);
        expect(answer.body.fields).to.have.keys(member);
      }
      const foreign = await signUp({ activate_uri: 'https://evil.example/activate' });
      expect(foreign.body).to.include({ error: 'invalid_activate_uri' });
      expect(await messagesTo(server, email)).to.deep.equal([]);
    });

    it('lead to a registered page of the client', async () => {
      const activate_uri = `https://shop.example/${email.slice(0, 16)}`;
      await createClient(server, { first_party: true, activate_uris: [activate_uri] });
      expect((await signUp({ activate_uri })).status).to.equal(200);
      const { identifier, secret } = await secretFor();
      const [mail] = await messagesTo(server, email);
      expect(mail?.text).to.include(`${activate_uri}?identifier=${identifier}&secret=${secret}`);
    });

    it('refuse two passwords that differ, a bad one, and with one answer every wrong secret', async () => {
      await signUp();
      const proof = await secretFor();
      expect((await activate(proof, PASSWORD, 'other-horse-battery')).body.fields).to.have.keys(
        'password_check',
      );
      expect((await activate(proof, 'short')).body.fields).to.have.keys('password');
      const wrong = [
        await activate({ ...proof, secret: 'MBMRDTVTD5' }),
        await activate({ ...proof, identifier: 'test-user-4' }),
      ];
      expect((await activate(proof)).status).to.equal(200);
      wrong.push(await activate(proof));
      for (const { status, body } of wrong) {
        expect(status).to.equal(400);
        expect(body).to.deep.equal(wrong[0]?.body);
        expect(body.error).to.equal('invalid_secret');
      }
    });
  });

  describe('POST /customers/password_reset, POST /customers/do_reset', () => {
    it('set a random pass phrase that the code opens', async () => {
      const me = await api.customer({ email });
      expect(await requestReset()).to.deep.include({ status: 200, body: { result: 'email_sent' } });
      const code = await api.mailed(email, 'code');
      const { status, body } = await reset(code);
      expect(status, JSON.stringify(body)).to.equal(200);
      const { payload, protectedHeader } = await jwtVerify(body.token, new TextEncoder().encode(code));
      expect(protectedHeader).to.deep.equal({ alg: 'HS256' });
      expect(Object.keys(payload)).to.deep.equal(['passphrase']);
      expect(payload.passphrase).to.match(/^[A-Za-z0-9]{14,}$/);
      expect(await me.status()).to.equal(401);
      expect((await api.login(email)).status).to.equal(401);
      expect((await api.login(email, String(payload.passphrase))).status).to.equal(200);
    });

    it('answer alike whether or not the account exists; a code works once', async () => {
      expect(await requestReset(newEmail())).to.deep.include({ status: 200, body: { result: 'email_sent' } });
      await api.customer({ email });
      await requestReset();
      const code = await api.mailed(email, 'code');
      const wrong = [await reset('8KY0CX0LAR'), await reset(code, newEmail())];
      expect((await reset(code)).status).to.equal(200);
      wrong.push(await reset(code));
      for (const { status, body } of wrong) {
        expect(status).to.equal(400);
        expect(body).to.deep.equal(wrong[0]?.body);
        expect(body.error).to.equal('invalid_code');
        expect(body.fields).to.have.keys('code');
      }
    });

    it('mail nothing for a reset URI that is not registered', async () => {
      await api.customer({ email });
      for (const uri of [
        'https://evil.example/reset',
        '//evil.example',
        '/customers/do_reset/',
        'javascript:alert(1)',
      ]) {
        const { status, body } = await requestReset(email, uri);
        expect(status, uri).to.equal(400);
        expect(body).to.include({ error: 'invalid_reset_uri' });
        expect(body.fields).to.have.keys('reset_uri');
      }
      expect(await messagesTo(server, email)).to.deep.equal([]);
    });

    it('name what is wrong with the input', async () => {
      expect((await api.post('/password_reset', { email: ['a@example.com'] })).body.fields).to.have.keys(
        'email',
        'reset_uri',
      );
      expect((await requestReset('nobody')).body.fields).to.have.keys('email');
      expect((await api.post('/do_reset', { email, code: 5 })).body.fields).to.have.keys('code');
      expect((await api.post('/do_reset', { email: '', code: '' })).body.fields).to.have.keys(
        'email',
        'code',
      );
    });
  });

  describe('someone who listed a stranger’s address in advance', () => {
    /** A stranger's account at this address, with everything that could survive its takeover. */
    async function squatter() {
      const stranger = await api.customer({ email, verified: false });
      await server.domain.bindings.set(stranger.id, {
        provider: 'facebook',
        externalId: `fb.${stranger.id}`,
        status: '1',
      });
      const browser = new BrowserAgent();
      await signInOnPages(browser, address(), { login: email, password: PASSWORD });
      const { body: tokens } = await api.signIn(email, PASSWORD);
      const { body: keyed } = await api.call('POST', '/api/v2/auth/login', {
        body: new URLSearchParams({ email, password: PASSWORD }),
      });
      const elsewhere = newEmail();
      await stranger.patch({ email: elsewhere, current_password: PASSWORD });
      const pending = await api.keyFor(elsewhere);
      return { ...stranger, browser, tokens, key: Object.values(keyed), pending };
    }
    const address = (more = {}): string => authorizationUrl(server.url, pkce().challenge, more);

    it('keeps nothing after the owner’s reset', async () => {
      const { id, token, browser, tokens, key, pending } = await squatter();
      const opens = async (value: string): Promise<number> =>
        (await api.send('GET', '/customers/self', undefined, { authorization: value })).status;
      const apiKey = key.find((value) => /^[0-9a-f]{40}$/.test(String(value)));
      const silently = async () =>
        new URL((await browser.follow(address({ prompt: 'none' }))).headers.get('location') ?? '');
      const all = [token, tokens.access_token, String(apiKey)];
      for (const value of all) expect(await opens(value)).to.equal(200);
      expect((await silently()).searchParams.has('code')).to.equal(true);

      await requestReset();
      const code = await api.mailed(email, 'code');
      const { body } = await reset(code);
      const { payload } = await jwtVerify(body.token, new TextEncoder().encode(code));

      for (const value of all) expect(await opens(value)).to.equal(401);
      expect((await silently()).searchParams.get('error')).to.equal('login_required');
      expect((await api.refresh(tokens.refresh_token)).status).to.equal(400);
      expect((await api.login(email)).status).to.equal(401);
      expect((await api.confirm(pending)).status).to.equal(400);
      const links = await server.database.knex('bindings').where({ account_id: id });
      expect(links).to.deep.equal([]);

      const { body: mine } = await api.login(email, String(payload.passphrase));
      const { body: profile } = await api.send('GET', '/customers/self', undefined, {
        authorization: mine.token,
      });
      expect(profile)
        .to.include({ email, id: String(id) })
        .and.not.have.property('pending_email');
    });

    it('loses the address to the owner’s own account when that is activated', async () => {
      const { id } = await squatter();
      await signUp();
      expect((await activate(await secretFor(), 'staple-gun-orchestra')).status).to.equal(200);
      const { status, body } = await api.login(email, 'staple-gun-orchestra');
      expect(status).to.equal(200);
      const { body: profile } = await api.send('GET', '/customers/self', undefined, {
        authorization: body.token,
      });
      expect(profile.id).not.to.equal(String(id));
      expect((await api.login(email)).status).to.equal(401);
      const listed = await server.database.knex('contacts').where({ account_id: id, kind: 'email' });
      expect(listed).to.deep.equal([]);
    });
  });
});
