import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { randomHex } from '../../src/lib/ids.ts';
import { moveClock } from '../support/clock.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { authorizationUrl, pkce, tokenRequest } from '../support/sign-in.ts';
import { Visitor } from '../support/visitor.ts';

const PASSWORD = 'violet-harbour-lantern';
const MFA = 'urn:pratu:acr:mfa';
const ESSENTIAL = JSON.stringify({ id_token: { acr: { essential: true, value: MFA } } });
const CLIENT = { client_id: 'spa', redirect_uri: 'http://localhost:8080/cb' };

describe('the second factor', () => {
  let server: TestServer;
  let verifier = '';

  before(async () => {
    server = await startServer();
  });

  after(() => server.stop());

  const now = async (): Promise<number> => {
    const { rows } = await server.database.knex.raw('select pratu_now() as now');
    return (rows[0] as { now: Date }).now.getTime();
  };

  async function codeOf(secret: string, steps = 0): Promise<string> {
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    return totp.generate({ timestamp: (await now()) + steps * 30_000 });
  }

  async function person(): Promise<{ id: number; email: string }> {
    const email = `person-${randomHex(64)}@example.com`;
    const { id } = await server.domain.lifecycle.create({
      password: PASSWORD,
      contacts: [{ kind: 'email', value: email, verified: true }],
    });
    return { id, email };
  }

  /** Sends an authorization request and arrives at the first page. */
  function begin(visitor: Visitor, more: Record<string, string> = {}): Promise<string> {
    const made = pkce();
    verifier = made.verifier;
    return visitor.open(authorizationUrl(server.url, made.challenge, more));
  }

  const giveName = (visitor: Visitor, email: string, password = PASSWORD): Promise<string> => {
    const uid = /\/interaction\/([\w-]+)/.exec(visitor.page)?.[1];
    return visitor.send({ login: email, password }, `/interaction/${uid}/login`);
  };

  /** Consents where the page requires it, and returns the claims of the ID token. */
  async function finish(visitor: Visitor): Promise<Record<string, unknown>> {
    const uid = /\/interaction\/([\w-]+)\/consent/.exec(visitor.page)?.[1];
    if (uid) await visitor.send({}, `/interaction/${uid}/consent`);
    const code = new URL(visitor.page).searchParams.get('code') ?? '';
    const { body } = await tokenRequest(server.url, {
      ...{ grant_type: 'authorization_code', ...CLIENT, code, code_verifier: verifier },
    });
    return decodeJwt(body.id_token ?? '');
  }

  /** Adds an app on the page of the account area. Returns the secret and the recovery codes. */
  async function enrol(email: string): Promise<{ secret: string; codes: string[]; visitor: Visitor }> {
    const visitor = new Visitor();
    await visitor.open(`${server.url}/account/authenticator/new`);
    await giveName(visitor, email);
    const secret = /<code data-secret>([A-Z2-7]+)<\/code>/.exec(visitor.page)?.[1] ?? '';
    expect(visitor.page).to.match(/<svg class="qr"[^>]*>/);
    await visitor.send({ code: await codeOf(secret) }, '/account/authenticator/new');
    const list = /<ol class="recovery-codes">([\s\S]*?)<\/ol>/.exec(visitor.page)?.[1] ?? '';
    const codes = [...list.matchAll(/<code>([^<]+)<\/code>/g)].map(([, code = '']) => code);
    return { secret, codes, visitor };
  }

  it('is asked after the password, and reported as multi-factor authentication', async () => {
    const { id, email } = await person();
    const { secret, codes } = await enrol(email);
    expect(codes).to.have.length(10);
    await moveClock(server.database, 30);
    const visitor = new Visitor();
    await begin(visitor);
    await giveName(visitor, email);
    expect(visitor.location).to.match(/\/second-factor$/);
    await visitor.send({ code: '000000' });
    expect(visitor.status).to.equal(400);
    await visitor.send({ code: await codeOf(secret) });
    const claims = await finish(visitor);
    expect(claims).to.deep.include({ sub: String(id), acr: MFA, amr: ['pwd', 'otp', 'mfa'] });
    const { data } = await server.domain.auditSearch.page({ accountId: id }, { limit: 20 });
    expect(data.map(({ event }) => event)).to.include.members([
      'second_factor.added',
      'second_factor.failed',
      'second_factor.succeeded',
    ]);
  });

  it('cannot be skipped by the URL that resumes the request, or by its other pages', async () => {
    const { email } = await person();
    await enrol(email);
    const visitor = new Visitor();
    await begin(visitor);
    await giveName(visitor, email);
    const uid = /interaction\/([\w-]+)\/second-factor/.exec(visitor.location)?.[1];
    for (const path of [
      `/oauth/authorize/${uid}`,
      `/interaction/${uid}`,
      `/interaction/${uid}/second-factor/new`,
    ]) {
      const page = await visitor.open(server.url + path);
      expect(page, path).to.not.include('code=');
    }
  });

  it('takes a code once, also from 50 requests at once, and of the step before and after only', async () => {
    const { id, email } = await person();
    const { secret } = await enrol(email);
    const attempt = { origin: { address: '192.0.2.1' }, clientId: undefined };
    await moveClock(server.database, 300);
    const verify = (code: string) =>
      server.domain.secondFactors
        .verify(id, code, attempt)
        .catch(({ code: problem }: { code: string }) => problem);
    for (const steps of [-2, 2]) expect(await verify(await codeOf(secret, steps))).to.equal('CODE_WRONG');
    const early = await codeOf(secret, -1);
    expect(await verify(early)).to.equal('totp');
    expect(await verify(early)).to.equal('CODE_WRONG');
    await server.domain.locks.unlock(id);
    const present = await codeOf(secret);
    const answers = await Promise.all(Array.from({ length: 50 }, () => verify(present)));
    expect(answers.filter((answer) => answer === 'totp')).to.have.length(1);
    await server.domain.locks.unlock(id);
    expect(await verify(await codeOf(secret, 1))).to.equal('totp');
  });

  it('takes each recovery code once, in any spelling, and ends with the limit of wrong passwords', async () => {
    const { id, email } = await person();
    const { codes } = await enrol(email);
    const attempt = { origin: { address: '192.0.2.2' }, clientId: undefined };
    const verify = (code: string) =>
      server.domain.secondFactors
        .verify(id, code, attempt)
        .catch(({ code: problem }: { code: string }) => problem);
    const [first = '', second = ''] = codes;
    expect(await verify(first.toUpperCase().replace('-', ' '))).to.equal('recovery-code');
    expect(await verify(first)).to.equal('CODE_WRONG');
    for (let guess = 0; guess < 20; guess += 1) await verify('111111');
    expect(await verify(second)).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('is not asked again on a device that is remembered, until signing out everywhere', async () => {
    const [{ id, email }, other] = [await person(), await person()];
    const { secret } = await enrol(email);
    await enrol(other.email);
    await moveClock(server.database, 60);
    const visitor = new Visitor();
    await begin(visitor);
    await giveName(visitor, email);
    await visitor.send({ code: await codeOf(secret), remember: 'yes' });
    await finish(visitor);
    await begin(visitor, { prompt: 'login' });
    await giveName(visitor, email);
    expect((await finish(visitor)).acr).to.equal('urn:pratu:acr:password');
    // of this account only, and not for a client that requests two factors
    await begin(visitor, { prompt: 'login', claims: ESSENTIAL });
    await giveName(visitor, email);
    expect(visitor.location).to.match(/\/second-factor$/);
    const stranger = new Visitor();
    for (const [name, { value, path }] of visitor.cookies) stranger.setCookie(name, value, path);
    await begin(stranger, { prompt: 'login' });
    await giveName(stranger, other.email);
    expect(stranger.location).to.match(/\/second-factor$/);
    await server.domain.lifecycle.signOutEverywhere(id);
    await begin(visitor);
    await giveName(visitor, email);
    expect(visitor.location).to.match(/\/second-factor$/);
  });

  it('steps a session up by the missing factor alone, essential or preferred', async () => {
    for (const wish of [{ claims: ESSENTIAL }, { acr_values: MFA }] as Record<string, string>[]) {
      const { email } = await person();
      const visitor = new Visitor();
      await begin(visitor);
      await giveName(visitor, email);
      expect((await finish(visitor)).acr).to.equal('urn:pratu:acr:password');
      const { secret } = await enrol(email);
      await moveClock(server.database, 60);
      await begin(visitor, { ...wish, prompt: 'none' });
      expect(new URL(visitor.page).searchParams.get('error')).to.be.oneOf([
        'interaction_required',
        'login_required',
      ]);
      await begin(visitor, wish);
      expect(visitor.location).to.match(/\/second-factor$/);
      await visitor.send({ code: await codeOf(secret) });
      expect(await finish(visitor)).to.deep.include({ acr: MFA, amr: ['pwd', 'otp', 'mfa'] });
      // the session is now strong
      await begin(visitor, { ...wish, prompt: 'none' });
      expect((await finish(visitor)).acr).to.equal(MFA);
    }
  });

  it('refuses an essential acr that the account cannot reach', async () => {
    const { id, email } = await person();
    await server.database.knex('contacts').where({ account_id: id }).update({ verified_at: null });
    const visitor = new Visitor();
    await begin(visitor, { claims: ESSENTIAL });
    await giveName(visitor, email);
    expect(new URL(visitor.page).searchParams.get('error')).to.equal('unmet_authentication_requirements');
  });

  it('is renamed and removed by its owner, who is told', async () => {
    const { id, email } = await person();
    const { visitor } = await enrol(email);
    await visitor.open(`${server.url}/account/security`);
    const [{ id: app = '' } = {}] = (await server.domain.secondFactors.list(id)).authenticators;
    await visitor.send({ id: app, name: 'โทรศัพท์' }, '/account/security/rename');
    expect(visitor.page).to.include('โทรศัพท์');
    await visitor.send({ id: app }, '/account/security/remove');
    expect(await server.domain.secondFactors.list(id)).to.deep.equal({
      authenticators: [],
      recoveryCodes: 0,
    });
    const told = await server.database
      .knex('outbox')
      .where({ account_id: id, kind: 'second-factor-changed' });
    expect(told).to.have.length(2);
    const signedIn = new Visitor();
    await begin(signedIn);
    await giveName(signedIn, email);
    expect((await finish(signedIn)).acr).to.equal('urn:pratu:acr:password');
  });

  it('is never set up by a cross-site form', async () => {
    const { id, email } = await person();
    const visitor = new Visitor();
    await visitor.open(`${server.url}/account/authenticator/new`);
    await giveName(visitor, email);
    const secret = /<code data-secret>([A-Z2-7]+)</.exec(visitor.page)?.[1] ?? '';
    const forged = await visitor.request(`${server.url}/account/authenticator/new`, {
      method: 'POST',
      body: new URLSearchParams({ code: await codeOf(secret) }),
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(forged.status).to.equal(403);
    expect(await server.domain.secondFactors.isEnrolled(id)).to.equal(false);
  });
});
