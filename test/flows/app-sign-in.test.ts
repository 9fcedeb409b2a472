import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { cardNumber } from '../../src/domain/accounts/account.ts';
import { newContacts, PASSWORD, somebody } from '../pages/account/visitor.ts';
import { createClient } from '../support/clients.ts';
import { eventually } from '../support/eventually.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';
import { App, appClient, codeOf } from './app-steps.ts';
import { passkeyHolder, passkeyOf } from './passkey-steps.ts';
import { claimsOf } from './two-steps.ts';

describe('signing in inside an app', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });
  beforeEach(() => forgetCounts(server.database));

  const newApp = async (more: object = {}): Promise<App> => new App(server, await appClient(server, more));

  describe('ends in a code', () => {
    it('with a password', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      const begun = await app.begin(person.email, { nonce: 'n-1' });
      expect(begun.status).to.equal(400);
      expect(begun.headers.get('cache-control')).to.equal('no-store');
      expect(begun.body).to.include({ error: 'insufficient_authorization', expires_in: 600 });
      expect(begun.body.next).to.deep.equal(['password', 'otp', 'passkey']);
      expect(begun.body.otp_channels).to.deep.equal(['sms']);
      const tokens = await app.tokens(await app.step(begun, { password: PASSWORD }));
      const claims = decodeJwt(tokens.id_token ?? '');
      expect(claims).to.include({ sub: String(person.id), acr: 'urn:pratu:acr:password', nonce: 'n-1' });
      expect(claims.amr).to.deep.equal(['pwd']);
      expect(claims.sid).to.equal(undefined);
      expect(tokens.scope).to.equal('openid');
    });

    it('in one request, when the password is there', async () => {
      const [app, { email }] = [await newApp(), await somebody(server)];
      await app.tokens(await app.begin(email, { password: PASSWORD }));
    });

    it('with a code by SMS', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      const sent = await app.step(await app.begin(person.mobile), { otp_channel: 'sms' });
      expect(sent.body.otp).to.include({ channel: 'sms', expires_in: 300, resend_after: 60 });
      const code = await codeOf(server, person.mobile);
      const tokens = await app.tokens(await app.step(sent, { otp: code }));
      expect(decodeJwt(tokens.id_token ?? '')).to.include({
        sub: String(person.id),
        acr: 'urn:pratu:acr:sms',
      });
    });

    it('with a passkey, for anyone whose passkey it is', async () => {
      const [app, { id, device }] = [await newApp(), await passkeyHolder(server)];
      const asked = await app.step(await app.begin(), { passkey: 'begin' });
      const options = asked.body.passkey_options as { challenge: string };
      expect(options).to.include({ rpId: 'localhost', userVerification: 'required' });
      device.signCount += 1;
      const tokens = await app.tokens(await app.step(asked, { passkey: device.get(options) }));
      expect(decodeJwt(tokens.id_token ?? '')).to.include({
        sub: String(id),
        acr: 'urn:pratu:acr:passkey',
      });
    });

    it('with a password and an app or a recovery code', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      const enrolled = await enrolApp(server.domain, person.id);
      for (const code of [enrolled.code(), enrolled.recoveryCodes[0] ?? '']) {
        const first = await app.step(await app.begin(person.mobile), { password: PASSWORD });
        expect(first.body).to.include({ error: 'insufficient_authorization' });
        expect(first.body.next).to.deep.equal(['code']);
        expect(first.body).to.not.have.any.keys('reason', 'otp_channels');
        const claims = decodeJwt((await app.tokens(await app.step(first, { code }))).id_token ?? '');
        expect(claims).to.include({ sub: String(person.id), acr: 'urn:pratu:acr:mfa' });
        expect(claims.amr).to.deep.equal(['pwd', 'otp', 'mfa']);
      }
    });

    it('with a password and a passkey', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      await enrolApp(server.domain, person.id);
      const device = await passkeyOf(server, person.id);
      const first = await app.step(await app.begin(person.email), { password: PASSWORD });
      expect(first.body.next).to.deep.equal(['code', 'passkey']);
      const asked = await app.step(first, { passkey: 'begin' });
      device.signCount += 1;
      const credential = device.get(asked.body.passkey_options as { challenge: string });
      const claims = decodeJwt(
        (await app.tokens(await app.step(asked, { passkey: credential }))).id_token ?? '',
      );
      expect(claims).to.include({ sub: String(person.id), acr: 'urn:pratu:acr:mfa' });
    });

    it('for a client with a secret, with the scope and the resource that it may have', async () => {
      const client = await createClient(server, { first_party: true, scope: 'openid email offline_access' });
      const [app, person] = [new App(server, client), await somebody(server)];
      const scope = 'openid email offline_access unknown';
      const finished = await app.begin(person.email, { scope, password: PASSWORD });
      const tokens = await app.tokens(finished);
      expect(tokens.scope).to.equal('openid email offline_access');
      expect(tokens.refresh_token).to.be.a('string');
      const info = await fetch(`${server.url}/oauth/userinfo`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      expect(await info.json()).to.include({ sub: String(person.id), email: person.email });
    });
  });

  it('prefers the method that acr_values asks for', async () => {
    const app = await newApp();
    const { body } = await app.begin('0811111111', { acr_values: 'urn:pratu:acr:sms' });
    expect(body.next).to.deep.equal(['otp', 'password', 'passkey']);
  });

  it('offers for an essential acr only the methods that give it', async () => {
    const app = await newApp();
    const essential = (value: string) =>
      app.begin('0811111111', {
        claims: JSON.stringify({ id_token: { acr: { essential: true, value } } }),
      });
    expect((await essential('urn:pratu:acr:sms')).body.next).to.deep.equal(['otp']);
    const byPassword = await essential('urn:pratu:acr:password');
    expect(byPassword.body).to.not.have.property('otp_channels');
    expect((await app.step(byPassword, { otp_channel: 'sms' })).body.error).to.equal('invalid_request');
    expect((await essential('urn:example:none')).body.error).to.equal('unmet_authentication_requirements');
  });

  it('refuses an essential acr that the account does not reach', async () => {
    const [app, { id }] = [await newApp(), await somebody(server, { contacts: [] })];
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:pratu:acr:mfa' } } });
    const begun = await app.begin(cardNumber({ id }), { claims });
    const { body } = await app.step(begun, { password: PASSWORD });
    expect(body.error).to.equal('unmet_authentication_requirements');
    expect((await app.step(begun, { password: PASSWORD })).body.error).to.equal('invalid_session');
  });

  describe('after a wrong value', () => {
    it('asks for the same again, with the same auth_session', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      const begun = await app.begin(person.email);
      const wrong = await app.step(begun, { password: 'not-the-password' });
      expect(wrong.body).to.include({
        error: 'insufficient_authorization',
        reason: 'wrong_password',
        auth_session: begun.body.auth_session,
      });
      expect(wrong.body.next).to.deep.equal(begun.body.next);
      await app.tokens(await app.step(wrong, { password: PASSWORD }));
    });

    it('remembers a new login_hint, under a new auth_session', async () => {
      const [app, person, other] = [await newApp(), await somebody(server), await somebody(server)];
      const begun = await app.begin(person.email);
      const wrong = await app.step(begun, { login_hint: other.email, password: 'not-the-password' });
      expect(wrong.body.reason).to.equal('wrong_password');
      expect(wrong.body.auth_session).to.not.equal(begun.body.auth_session);
      const { sub } = claimsOf(await app.tokens(await app.step(wrong, { password: PASSWORD })));
      expect(sub).to.equal(String(other.id));
    });

    it('reports errors of codes and passkeys in the same way', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      const sent = await app.step(await app.begin(person.mobile), { otp_channel: 'sms' });
      const code = await codeOf(server, person.mobile);
      const other = code === '111111' ? '222222' : '111111';
      expect((await app.step(sent, { otp: other })).body.reason).to.equal('wrong_code');
      expect((await app.step(sent, { passkey: '{"garbage":' })).body.reason).to.equal('passkey_rejected');
      await app.tokens(await app.step(sent, { otp: code }));
    });

    it('of the second factor too, and then takes the right one', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      const enrolled = await enrolApp(server.domain, person.id);
      const first = await app.step(await app.begin(person.email), { password: PASSWORD });
      expect((await app.step(first, { code: enrolled.wrong() })).body.reason).to.equal('wrong_code');
      await app.tokens(await app.step(first, { code: enrolled.code() }));
    });
  });

  describe('takes steps in their order', () => {
    it('and one at a time', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      const begun = await app.begin(person.mobile);
      for (const fields of [
        { code: '123456' },
        { otp: '123456' },
        { password: PASSWORD, otp: '123456' },
        { otp_channel: 'email' },
        { otp_channel: 'constructor' },
        { otp_channel: 'sms', login_hint: person.email },
      ])
        expect((await app.step(begun, fields)).body.error, JSON.stringify(fields)).to.equal(
          'invalid_request',
        );
      await app.tokens(await app.step(begun, { password: PASSWORD }));
    });

    it('and no first factor again in place of the second', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      await enrolApp(server.domain, person.id);
      const first = await app.step(await app.begin(person.mobile), { password: PASSWORD });
      for (const fields of [{ password: PASSWORD }, { otp_channel: 'sms' }, { otp: '123456' }])
        expect((await app.step(first, fields)).body.error).to.equal('invalid_request');
    });

    it('and asks who signs in where it must know', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      const begun = await app.begin();
      expect((await app.step(begun, { password: PASSWORD })).body.error).to.equal('invalid_request');
      await app.tokens(await app.step(begun, { login_hint: person.email, password: PASSWORD }));
    });
  });

  it('leaves to the browser what only a browser can do', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    await server.database
      .knex('contacts')
      .where({ account_id: person.id, kind: 'email' })
      .update({ unconfirmed_since: server.database.knex.raw('pratu_now()') });
    const begun = await app.begin(person.mobile);
    const { body } = await app.step(begun, { password: PASSWORD });
    expect(body).to.have.all.keys('error', 'error_description').and.include({ error: 'redirect_to_web' });
    expect((await app.step(begun, { password: PASSWORD })).body.error).to.equal('invalid_session');
  });

  it('is counted, and its events are those of the pages', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const begun = await app.begin(person.email);
    await app.step(begun, { password: 'not-the-password' });
    await app.step(begun, { password: PASSWORD });
    const events = await server.database
      .knex('audit')
      .where({ client_id: app.client.id, account_id: person.id })
      .orderBy('id')
      .select('event', 'reason', 'details');
    expect(events.map(({ event, reason }) => ({ event, reason }))).to.deep.equal([
      { event: 'sign_in.failed', reason: 'wrong_password' },
      { event: 'sign_in.succeeded', reason: null },
    ]);
    expect(events[0].details).to.include({ method: 'password' });
    const counts = await server.metrics.registry.getSingleMetricAsString('pratu_sign_ins_total');
    for (const outcome of ['right', 'wrong'])
      expect(counts).to.match(new RegExp(`surface="app",outcome="${outcome}"\\} [1-9]`));
  });

  it('is in the list of refused requests only where something was wrong', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const begun = await app.begin(person.email);
    await app.step(begun, { password: 'not-the-password' });
    await app.step(begun, { code: '123456' });
    await eventually(async () => {
      await server.domain.refusedRequests.flush();
      const refused = await server.database
        .knex('refused_requests')
        .where({ client_id: app.client.id })
        .orderBy('error')
        .select('status', 'error', 'reason', 'route');
      expect(refused.map(({ status, error, reason }) => [status, error, reason])).to.deep.equal([
        [400, 'INVALID_CREDENTIALS', 'wrong_password'],
        [400, 'invalid_request', "'code' is not among the methods that remain"],
      ]);
    });
  });

  it('is announced', async () => {
    const answer = await fetch(`${server.url}/.well-known/oauth-authorization-server`);
    expect(await answer.json()).to.include({
      authorization_challenge_endpoint: `${server.url}/oauth/authorize-challenge`,
    });
  });

  it('responds alike for an account that does not exist', async () => {
    const [app, { mobile }] = [await newApp(), await somebody(server)];
    const same = async (login: string) => {
      const begun = await app.begin(login);
      const wrong = await app.step(begun, { password: 'not-the-password' });
      const sent = await app.step(wrong, { otp_channel: 'sms' });
      const guessed = await app.step(sent, { otp: 'abc' });
      return [begun, wrong, sent, guessed].map(({ status, body }) => ({
        ...{ status, ...body },
        auth_session: typeof body.auth_session,
        expires_in: typeof body.expires_in,
        otp: body.otp && { ...body.otp, reference: typeof body.otp.reference },
      }));
    };
    expect(await same(newContacts().mobile)).to.deep.equal(await same(mobile));
  });
});
