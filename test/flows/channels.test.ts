import { expect } from 'chai';
import { notify } from '../../src/domain/accounts/notices.ts';
import { passkeyMethod } from '../../src/domain/authenticators/passkey/method.ts';
import { passwordMethod } from '../../src/domain/authenticators/password/method.ts';
import { smsCodeMethod } from '../../src/domain/authenticators/sms-code/method.ts';
import { MFA } from '../../src/domain/sign-in/mfa.ts';
import { codeSteps, unlimited } from '../apis/customers/code-steps.ts';
import { customersClient, newMobile } from '../apis/customers/customers-client.ts';
import { newEmail } from '../apis/self-service/self-service-client.ts';
import { somebody } from '../pages/account/visitor.ts';
import { headingOf, visitor } from '../pages/visitor.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type LocalServer, localServer } from '../support/local-server.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type SmtpServer, smtpServer } from '../support/smtp-server.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('a channel that cannot deliver', () => {
  let mailServer: SmtpServer;
  let gateway: LocalServer;

  before(async () => {
    await emptyTables(await testDatabase());
    mailServer = await smtpServer();
    gateway = await localServer(() => ({}));
  });
  after(() => mailServer.close());

  /** Starts a server as in production, which keeps no outbox to read. Without `jobs`, it sends no messages. */
  const sendingBy = (channels: ('mail' | 'sms')[], { jobs = true } = {}): Promise<TestServer> =>
    startServer(
      {
        ...unlimited(),
        messages: {
          outbox: false,
          smtpUrl: channels.includes('mail') ? mailServer.url : undefined,
          smsUrl: channels.includes('sms') ? `${gateway.url}/sms` : undefined,
        },
      },
      { jobs },
    );
  const rows = ({ database }: TestServer, channel: string) => database.knex('outbox').where({ channel });
  const e164 = (mobile: string): string => `+66${mobile.slice(1)}`;
  const smsTo = (mobile: string) => gateway.received.filter(({ body }) => body.includes(e164(mobile)));
  const mailsTo = (email: string) => mailServer.mails.filter(({ to }) => to.includes(email));

  function api(server: TestServer) {
    const { call } = customersClient(server);
    const post = (path: string, body: object, headers = {}) =>
      call('POST', path, { body: JSON.stringify(body), headers: { ...JSON_TYPE, ...headers } });
    return { call, post, ...codeSteps(server) };
  }
  const announced = async ({ url }: TestServer, document: string): Promise<string[]> =>
    ((await (await fetch(`${url}/.well-known/${document}`)).json()) as Record<string, string[]>)
      .acr_values_supported ?? [];

  describe('where only mails can be sent', () => {
    let server: TestServer;
    before(async () => {
      server = await sendingBy(['mail']);
    });
    after(() => server.stop());

    it('a code by SMS is refused with 503 whether or not an account has the number, and nothing is counted or written', async () => {
      const { ask, call, post } = api(server);
      const person = await somebody(server);
      for (const mobile of [newMobile(), person.mobile, person.mobile]) {
        const { status, body, headers } = await ask(mobile, { 'accept-language': 'en' });
        expect([status, body.error]).to.deep.equal([503, 'temporarily_unavailable']);
        expect(body.error_description).to.equal('SMS codes are not available.');
        expect(headers.get('retry-after')).to.equal(null);
      }
      expect((await post('/forgotpassword/findmobile', { identifier: person.email })).status).to.equal(503);
      expect((await call('GET', `/forgotpassword/${person.email}/findmobile`)).status).to.equal(503);
      expect(await rows(server, 'sms').where({ sent_at: null })).to.deep.equal([]);
    });

    it('the pages offer no code, and say why nobody can register', async () => {
      const person = visitor(server);
      const at = await person.begin({ acr_values: smsCodeMethod.acr });
      const { page } = await person.open(at);
      expect(page).to.include('name="password"').and.include(`${at}/forgot-password`);
      expect(page).to.not.match(/\/sms"|\/register"/);
      expect((await person.open(`${at}/sms`)).location).to.equal(at);
      for (const path of ['/register', `${at}/register`]) {
        const answer = await person.open(path);
        expect(headingOf(answer)).to.equal('Create an account');
        expect(answer.page).to.include('this service cannot send SMS').and.not.include('name="mobile"');
        const sent = await person.send(path, { mobile: newMobile() });
        expect([sent.status, sent.location]).to.deep.equal([303, path]);
      }
      expect((await person.open(`${at}/register`)).page).to.include(`href="${at}"`);
    });

    it('a forgotten password is mailed, and a mobile in place of the address is refused', async () => {
      const { email, mobile } = await somebody(server);
      const person = visitor(server);
      const form = await person.open('/forgot-password');
      expect(form.page).to.include('type="email"').and.not.include('Mobile number');
      expect((await person.send('/forgot-password', { login: mobile })).status).to.equal(400);
      const { location } = await person.send('/forgot-password', { login: email });
      expect(location).to.equal('/forgot-password/sent');
      await eventually(async () => expect(mailsTo(email)).to.have.length(1));
    });

    it('the account area takes no new mobile', async () => {
      const person = await (await somebody(server)).signIn();
      const { page } = await person.open('/account/mobile');
      expect(page).to.include('confirmed by SMS, and we cannot send any').and.not.include('name="mobile"');
      const sent = await person.send('/account/mobile', { mobile: newMobile() }, { on: '/account/email' });
      expect(sent.status).to.equal(503);
      expect((await person.open('/account/email')).page).to.include('name="email"');
    });

    it('discovery announces no code, and an essential code ends in a refusal', async () => {
      for (const document of ['openid-configuration', 'oauth-authorization-server'])
        expect(await announced(server, document)).to.deep.equal([
          ...[passwordMethod.acr, passkeyMethod.acr, MFA.acr],
        ]);
      const claims = JSON.stringify({ id_token: { acr: { essential: true, value: smsCodeMethod.acr } } });
      const person = visitor(server);
      const at = await person.begin({ claims });
      const { email } = await somebody(server);
      const { location } = await person.send(`${at}/login`, {
        login: email,
        password: 'correct-horse-battery',
      });
      const back = new URL((await person.follow(location)).location);
      expect(back.searchParams.get('error')).to.equal('unmet_authentication_requirements');
    });

    it('a client that registered the code as its default still works', async () => {
      const id = 'likes-codes';
      await server.domain.clients.create(
        {
          client_id: id,
          token_endpoint_auth_method: 'none',
          redirect_uris: ['http://localhost:8080/cb'],
          default_acr_values: [smsCodeMethod.acr],
        },
        {},
      );
      const person = visitor(server);
      const at = await person.begin({ client_id: id });
      expect((await person.open(at)).page).to.include('name="password"');
      await server.domain.clients.remove(id);
    });
  });

  describe('where only SMS can be sent', () => {
    let server: TestServer;
    before(async () => {
      server = await sendingBy(['sms']);
    });
    after(() => server.stop());

    it('a code comes by SMS, and its row is marked as sent then', async () => {
      const mobile = newMobile();
      expect((await api(server).ask(mobile)).status).to.equal(200);
      await eventually(async () => expect(smsTo(mobile)).to.have.length(1));
      await eventually(async () => expect((await rows(server, 'sms'))[0].sent_at).to.be.instanceOf(Date));
      expect(await announced(server, 'openid-configuration')).to.deep.equal([
        passwordMethod.acr,
        smsCodeMethod.acr,
        passkeyMethod.acr,
        MFA.acr,
      ]);
    });

    it('what would be mailed is refused with 503 by every API whether or not an account has the address', async () => {
      const { post, call } = api(server);
      const { email } = await somebody(server);
      for (const address of [email, newEmail()]) {
        const signUp = await post('/customers', { email: address, name: 'Test Name' });
        expect([signUp.status, signUp.body.error]).to.deep.equal([503, 'mail_unavailable']);
        const reset = await post('/customers/password_reset', {
          email: address,
          reset_uri: '/reset-password',
        });
        expect([reset.status, reset.body.error]).to.deep.equal([503, 'mail_unavailable']);
        const forgotten = await call('POST', '/api/v2/auth/forgot_password', {
          body: new URLSearchParams({ email: address }),
        });
        expect([forgotten.status, forgotten.body.status]).to.deep.equal([503, 0]);
      }
    });

    it('the pages ask for a mobile only, and change no e-mail', async () => {
      const person = visitor(server);
      expect((await person.open('/forgot-password')).page)
        .to.include('type="tel"')
        .and.not.include('e-mail');
      const request = await person.open('/reset-password/request');
      expect([request.status, headingOf(request)]).to.deep.equal([
        503,
        'We cannot send e-mail at the moment',
      ]);
      expect((await person.open('/reset-password')).page).to.not.include('/reset-password/request');
      const holder = await (await somebody(server)).signIn();
      expect((await holder.open('/account/email')).page)
        .to.include('confirmed by e-mail, and we cannot send any')
        .and.not.include('name="email"');
      const change = { email: newEmail() };
      expect((await holder.send('/account/email', change, { on: '/account/mobile' })).status).to.equal(503);
    });

    it('mails to owners wait, unsent, for a process that can send them', async () => {
      const { id } = await somebody(server);
      const account = await server.domain.accounts.find(id);
      if (!account) throw new Error('no account');
      await notify({ outbox: server.domain.outbox }, account, 'password-changed');
      await server.jobs.sending.runNow();
      const [row] = await rows(server, 'mail').where({ kind: 'password-changed' });
      expect(row).to.include({ sent_at: null, dropped_at: null, attempts: 0 });
    });
  });

  describe('where nothing can be sent', () => {
    let server: TestServer;
    before(async () => {
      server = await sendingBy([]);
    });
    after(() => server.stop());

    it('signing in goes on, and nothing else is offered', async () => {
      const person = visitor(server);
      const at = await person.begin();
      const { page } = await person.open(at);
      expect(page).to.not.match(/\/sms"|\/register"|\/forgot-password"/);
      const { email } = await somebody(server);
      const answer = await person.send(`${at}/login`, { login: email, password: 'correct-horse-battery' });
      expect(answer.status).to.equal(303);
      const forgotten = await person.open('/forgot-password');
      expect(forgotten.page).to.include('can send neither SMS nor').and.not.include('name="login"');
    });
  });

  it('two processes that share an outbox: only the one with the channel takes a message', async () => {
    const [without, withSms] = [await sendingBy(['mail']), await sendingBy(['mail', 'sms'], { jobs: false })];
    const mobile = newMobile();
    expect((await api(withSms).ask(mobile)).status).to.equal(200);
    const row = async () => (await rows(withSms, 'sms').orderBy('created_at', 'desc'))[0];
    await without.jobs.sending.runNow();
    expect(await row()).to.include({ sent_at: null, attempts: 0 });
    expect(await without.domain.outbox.stats()).to.include({ waiting: 0 });
    expect(await withSms.domain.outbox.stats()).to.include({ waiting: 1 });
    await withSms.jobs.sending.runNow();
    expect(smsTo(mobile)).to.have.length(1);
    expect((await row()).sent_at).to.be.instanceOf(Date);
    await Promise.all([without.stop(), withSms.stop()]);
  });
});
