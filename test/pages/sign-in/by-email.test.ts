import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { emailCodeMethod } from '../../../src/domain/authenticators/email-code/method.ts';
import { otherThan } from '../../apis/customers/code-steps.ts';
import { mailedCode } from '../../domain/authenticators/email-code/email-steps.ts';
import { newEmail } from '../../domain/recovery/recovery-steps.ts';
import { moveClock } from '../../support/clock.ts';
import type { TestServer } from '../../support/server.ts';
import { authorizationUrl, pkce, tokenRequest } from '../../support/sign-in.ts';
import { holder, PASSWORD, stepServer } from '../step-server.ts';
import { alertsOf, type Seen, visitor } from '../visitor.ts';
import { atEmailCode, emailHolder } from './email-pages.ts';

const essential = (acr: object): string => JSON.stringify({ id_token: { acr: { essential: true, ...acr } } });

describe('signing in with a code or link by e-mail', () => {
  let server: TestServer;
  before(async () => {
    server = await stepServer({ emailCode: { signIn: true } });
  });
  after(() => server.stop());

  const addressee = () => emailHolder(server);
  const atCode = (email: string, person = visitor(server)) => atEmailCode(server, email, person);

  it('is offered beside the password, and ends at the client with an acr and amr of its own', async () => {
    const { email, id } = await addressee();
    const person = visitor(server);
    const { verifier, challenge } = pkce();
    const { location: at } = await person.open(
      authorizationUrl(server.url, challenge, { prompt: 'consent' }).replace(server.url, ''),
    );
    expect((await person.open(at)).page).to.include(`href="${at}/email"`);
    expect((await person.open(`${at}/sms`)).page).to.include(`href="${at}/email"`);
    const asking = await person.open(`${at}/email`);
    for (const other of ['login', 'sms', 'register']) expect(asking.page).to.include(`href="${at}/${other}"`);
    await person.send(`${at}/email`, { login: email });
    const { page } = await person.open(`${at}/email/code`);
    expect(page).to.include('valid for 5 minutes').and.to.include(email);
    const { code } = await mailedCode(server.domain, email);
    const { location } = await person.send(`${at}/email/code`, { code });
    await person.follow(location);
    const back = await person.allow();
    const { body } = await tokenRequest(server.url, {
      grant_type: 'authorization_code',
      client_id: 'spa',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: 'http://localhost:8080/cb',
      code_verifier: verifier,
    });
    const claims = decodeJwt(body.id_token ?? '');
    expect(claims).to.include({ sub: String(id), acr: emailCodeMethod.acr });
    expect(claims.amr).to.deep.equal(['otp']);
  });

  it('looks the same whether the address is verified, unverified, of a suspended account or of none', async () => {
    const known = await addressee();
    const suspended = await addressee();
    await server.domain.lifecycle.suspend(suspended.id);
    const unverified = newEmail();
    await server.domain.lifecycle.create({
      contacts: [{ kind: 'email', value: unverified, verified: false }],
    });
    const sameIn = (email: string, { status, page, headers }: Seen) => ({
      status,
      headers: [...headers.keys()].filter((name) => name !== 'content-length').sort(),
      page: page
        .replaceAll(email, 'EMAIL')
        .replaceAll(/interaction\/[\w-]+/g, 'interaction/UID')
        .replaceAll(/name="csrf" value="[\w-]+"/g, 'name="csrf"')
        .replace(/Reference \w{4}/, 'Reference')
        .replace(/data-(wait|count-down)="\d+"/g, ''),
    });
    const seen: unknown[] = [];
    for (const email of [known.email, suspended.email, unverified, newEmail()]) {
      const { person, at } = await atCode(email);
      const answers = [await person.open(`${at}/code`)];
      for (let step = 1; step <= 6; step += 1)
        answers.push(await person.send(`${at}/code`, { code: otherThan('111111', step) }));
      answers.push(await person.send(`${at}/again`));
      seen.push(answers.map((answer) => sameIn(email, answer)));
    }
    for (const other of seen.slice(1)) expect(other).to.deep.equal(seen[0]);
    for (const email of [suspended.email, unverified])
      expect(await server.domain.outbox.list({ to: email, limit: 1 })).to.deep.equal([]);
  });

  for (const [what, login] of Object.entries({
    'is missing': ' ',
    'is a mobile': '0812345678',
    'is no address': 'somchai@',
    'is much too long': `${'a'.repeat(5000)}@example.com`,
  })) {
    it(`asks again when the address ${what}`, async () => {
      const person = visitor(server);
      const at = `${await person.begin()}/email`;
      await person.open(at);
      const answer = await person.send(at, { login });
      expect(answer.status).to.equal(400);
      expect(alertsOf(answer)).to.have.length(1);
      expect((await person.open(`${at}/code`)).location).to.equal(at);
    });
  }

  it('takes a code as people type it, counts wrong ones, and no text that is none', async () => {
    const { email } = await addressee();
    const { person, at } = await atCode(email);
    const { code } = await mailedCode(server.domain, email);
    for (const typed of ['', 'abcdef', '1234567']) {
      const answer = await person.send(`${at}/code`, { code: typed });
      expect([answer.status, ...alertsOf(answer)]).to.deep.equal([
        400,
        'Enter the 6-digit code from the e-mail.',
      ]);
    }
    const wrong = await person.send(`${at}/code`, { code: otherThan(code, 1) });
    expect(alertsOf(wrong)).to.deep.equal(['The code is wrong. 4 attempts left.']);
    const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
    expect((await person.send(`${at}/code`, { code: spaced })).location).to.match(/^\/oauth\/authorize\//);
  });

  it('makes another code wait a minute, and goes on to the code when the address is sent twice', async () => {
    const { email } = await addressee();
    const { person, at } = await atCode(email);
    expect((await person.send(`${at}/again`)).location).to.equal(`${at}/code`);
    expect(await server.domain.outbox.list({ to: email, limit: 5 })).to.have.length(1);
    const other = visitor(server);
    const elsewhere = `${await other.begin()}/email`;
    await other.open(elsewhere);
    const early = await other.send(elsewhere, { login: email });
    expect(early.status).to.equal(429);
    expect(early.headers.get('retry-after')).to.match(/^\d+$/);
    await moveClock(server.database, 61);
    expect((await person.send(`${at}/again`)).location).to.equal(`${at}/code`);
    expect(await server.domain.outbox.list({ to: email, limit: 5 })).to.have.length(2);
  });

  it('signs in once when the code is sent twice, and no other browser with it', async () => {
    const { email } = await addressee();
    const { person, at } = await atCode(email);
    const { code } = await mailedCode(server.domain, email);
    const thief = visitor(server);
    const elsewhere = await atCode(newEmail(), thief);
    expect((await thief.send(`${elsewhere.at}/code`, { code })).status).to.equal(400);
    const answers = await Promise.all([0, 1].map(() => person.send(`${at}/code`, { code })));
    expect(answers.map(({ status }) => status)).to.deep.equal([303, 303]);
  });

  it('comes first where the client likes it better, and is the only way where it insists', async () => {
    const person = visitor(server);
    const first = await person.begin({ acr_values: emailCodeMethod.acr });
    expect((await person.open(first)).location).to.equal(`${first}/email`);
    expect((await person.open(`${first}/login`)).page).to.include('name="password"');
    const at = await person.begin({ claims: essential({ value: emailCodeMethod.acr }) });
    expect((await person.open(`${at}/login`)).location).to.equal(at);
    expect((await person.open(`${at}/email`)).page).to.not.include(`${at}/sms`);
    const other = await person.begin({ claims: essential({ value: 'urn:pratu:acr:password' }) });
    expect((await person.open(`${other}/email`)).location).to.equal(other);
  });

  it('writes the address of the login_hint into the field', async () => {
    const person = visitor(server);
    const at = await person.begin({ login_hint: 'somchai@example.com' });
    expect((await person.open(`${at}/email`)).page).to.include('value="somchai@example.com"');
  });

  it('goes on when too many passwords were wrong', async () => {
    const strict = await stepServer({
      emailCode: { signIn: true },
      attempts: { perAccount: 1, windowSeconds: 60 },
    });
    const email = newEmail();
    await holder(strict, { email });
    const person = visitor(strict);
    const at = await person.begin();
    for (const status of [400, 429])
      expect((await person.send(`${at}/login`, { login: email, password: 'wrong' })).status).to.equal(status);
    await person.open(`${at}/email`);
    await person.send(`${at}/email`, { login: email });
    await person.open(`${at}/email/code`);
    const { code } = await mailedCode(strict.domain, email);
    expect((await person.send(`${at}/email/code`, { code })).status).to.equal(303);
    await strict.stop();
  });

  it('is off unless the deployment turns it on', async () => {
    const plain = await stepServer();
    const person = visitor(plain);
    const at = await person.begin({ acr_values: emailCodeMethod.acr });
    expect((await person.open(at)).page)
      .to.include('name="password"')
      .and.to.not.include('/email"');
    expect((await person.open(`${at}/email`)).location).to.equal(at);
    const sent = await person.send(`${at}/email`, { login: newEmail() });
    expect(sent.location).to.equal(at);
    const metadata = await (await fetch(`${plain.url}/.well-known/openid-configuration`)).json();
    expect(metadata.acr_values_supported).to.not.include(emailCodeMethod.acr);
    await plain.stop();
    const announced = await (await fetch(`${server.url}/.well-known/openid-configuration`)).json();
    expect(announced.acr_values_supported).to.include(emailCodeMethod.acr);
  });

  describe('and a second factor', () => {
    it('asks for the password where the e-mail is the only second factor, and sends no second code', async () => {
      const { email, id } = await addressee();
      const browser = 'b'.repeat(43);
      await server.domain.secondFactors.send(id, 'email', { locale: 'en', address: '203.0.113.9', browser });
      const [mail] = await server.domain.outbox.list({ to: email, limit: 1 });
      const code = /\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? '';
      const origin = { address: '203.0.113.9' };
      await server.domain.secondFactors.turnOn(id, 'email', { code, browser, origin });
      await moveClock(server.database, 61);
      const { person, at } = await atCode(email);
      const signIn = (await mailedCode(server.domain, email)).code;
      const { location } = await person.send(`${at}/code`, { code: signIn });
      const asked = await person.follow(location);
      expect(asked.page).to.include('name="password"');
      const uid = /action="(\/interaction\/[\w-]+)\/login"/.exec(asked.page)?.[1] ?? '';
      const done = await person.send(`${uid}/login`, { login: email, password: PASSWORD });
      expect((await person.follow(done.location)).page).to.include('/consent"');
    });
  });
});
