import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { passwordMethod } from '../../../src/domain/authenticators/password/method.ts';
import { smsCodeMethod } from '../../../src/domain/authenticators/sms-code/method.ts';
import { otherThan } from '../../apis/customers/code-steps.ts';
import { newMobile } from '../../apis/customers/customers-client.ts';
import { moveClock } from '../../support/clock.ts';
import type { TestServer } from '../../support/server.ts';
import { authorizationUrl, pkce, tokenRequest } from '../../support/sign-in.ts';
import { holder, PASSWORD, stepServer, verifyMobile } from '../step-server.ts';
import { alertsOf, headingOf, type Visitor, visitor } from '../visitor.ts';

/** The error for a wrong code after which this many attempts are left. */
const attemptsLeft = (left: number): string => {
  if (left === 0) return ASK_AGAIN;
  return left === 1
    ? 'The code is wrong. This is your last attempt.'
    : `The code is wrong. ${left} attempts left.`;
};
const ASK_AGAIN = 'The code is wrong, has been used or has expired. Request a new one.';

const essential = (acr: object): string => JSON.stringify({ id_token: { acr: { essential: true, ...acr } } });

describe('signing in with a code by SMS', () => {
  let server: TestServer;
  before(async () => {
    server = await stepServer();
  });
  after(() => server.stop());

  /** Arrives at the page that asks for the code of a number. */
  async function atCode(mobile: string): Promise<{ person: Visitor; at: string }> {
    const person = visitor(server);
    const at = `${await person.begin()}/sms`;
    await person.open(at);
    await person.send(at, { login: mobile });
    await person.open(`${at}/code`);
    return { person, at };
  }

  it('says at the code how long it works, and leads anyone who has no account, or no password, elsewhere', async () => {
    const { mobile } = await holder(server);
    const { person, at } = await atCode(mobile);
    const { page } = await person.open(`${at}/code`);
    const [sms] = await server.domain.outbox.list({ to: mobile.replace(/^0/, '+66'), limit: 1 });
    const told = /for (\d+) minutes/;
    expect(told.exec(page)?.[1])
      .to.equal('5')
      .and.equal(told.exec(sms?.text ?? '')?.[1]);
    const around = at.replace(/\/sms$/, '');
    for (const next of ['login', 'register', 'forgot-password'])
      expect(page).to.include(`href="${around}/${next}"`);
  });

  it('is offered beside the password, and ends at the client with an acr and amr of its own', async () => {
    const { mobile, id } = await holder(server);
    const person = visitor(server);
    const { verifier, challenge } = pkce();
    const { location: at } = await person.open(
      authorizationUrl(server.url, challenge, { prompt: 'consent' }).replace(server.url, ''),
    );
    expect((await person.open(at)).page).to.include(`href="${at}/sms"`);
    const { location } = await verifyMobile(person, `${at}/sms`, mobile);
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
    expect(claims).to.include({ sub: String(id), acr: smsCodeMethod.acr });
    expect(claims.amr).to.deep.equal(['otp', 'sms']);
  });

  it('says the same whether or not an account has the number, and sends nothing to one that nobody has', async () => {
    const known = (await holder(server)).mobile;
    const unknown = newMobile();
    const pages = await Promise.all(
      [known, unknown].map(async (mobile) => {
        const { person, at } = await atCode(mobile);
        const { status, page } = await person.open(`${at}/code`);
        const same = page
          .replaceAll(mobile, 'MOBILE')
          .replaceAll(/interaction\/[\w-]+/g, 'interaction/UID')
          .replaceAll(/name="csrf" value="[\w-]+"/g, 'name="csrf"')
          .replace(/Reference \w{4}/, 'Reference')
          .replace(/value="[\w-]{43}"/g, '')
          .replace(/data-(wait|count-down)="\d+"/g, '');
        return { status, same };
      }),
    );
    expect(pages[0]).to.deep.equal(pages[1]);
    expect(await server.domain.outbox.list({ to: unknown.replace(/^0/, '+66'), limit: 1 })).to.deep.equal([]);
    const { person, at } = await atCode(newMobile());
    for (let step = 1; step <= 5; step += 1) {
      const guessed = await person.send(`${at}/code`, { code: '123456' });
      expect([guessed.status, ...alertsOf(guessed)]).to.deep.equal([400, attemptsLeft(5 - step)]);
    }
  });

  for (const [what, login] of Object.entries({
    'is missing': '',
    'is no mobile': 'somchai@example.com',
    'is too short': '081234',
    'is a telephone on a desk': '021234567',
    'is of another country': '+14155552671',
    'is much too long': '0'.repeat(5000),
  })) {
    it(`asks again when the number ${what}`, async () => {
      const person = visitor(server);
      const at = `${await person.begin()}/sms`;
      await person.open(at);
      const answer = await person.send(at, { login });
      expect(answer.status).to.equal(400);
      expect(alertsOf(answer)).to.have.length(1);
      expect(answer.page).to.include('aria-invalid="true"');
      expect((await person.open(`${at}/code`)).location).to.equal(at);
    });
  }

  for (const [what, code] of Object.entries({
    missing: '',
    letters: 'abcdef',
    long: '1234567',
    'of spaces': '      ',
  })) {
    it(`asks again for a code that is ${what}, which is no guess`, async () => {
      const { mobile } = await holder(server);
      const { person, at } = await atCode(mobile);
      for (let times = 0; times < 6; times += 1) {
        const answer = await person.send(`${at}/code`, { code });
        expect(answer.status).to.equal(400);
        expect(alertsOf(answer)).to.deep.equal(['Enter the 6-digit code from the SMS.']);
      }
      expect((await person.send(`${at}/code`, { code: await person.codeTo(mobile) })).status).to.equal(303);
    });
  }

  it('refuses characters that nobody types', async () => {
    const { person, at } = await atCode((await holder(server)).mobile);
    expect((await person.send(`${at}/code`, { code: '12\u00003456' })).status).to.equal(400);
    expect((await person.send(at, { login: '08\u000012345678' })).status).to.equal(400);
  });

  it('takes a code as people type it, and refuses wrong ones until a new one is requested', async () => {
    const { mobile } = await holder(server);
    const { person, at } = await atCode(mobile);
    const code = await person.codeTo(mobile);
    for (let step = 1; step <= 5; step += 1) {
      const wrong = await person.send(`${at}/code`, { code: otherThan(code, step) });
      expect(wrong.status).to.equal(400);
      expect(wrong.page).to.match(/id="code"[^>]* aria-invalid="true"/);
      expect(alertsOf(wrong), `try ${step}`).to.deep.equal([attemptsLeft(5 - step)]);
    }
    const late = await person.send(`${at}/code`, { code });
    expect([late.status, ...alertsOf(late)]).to.deep.equal([400, ASK_AGAIN]);
    await moveClock(server.database, 61);
    expect((await person.send(`${at}/again`)).location).to.equal(`${at}/code`);
    const fresh = await person.codeTo(mobile);
    const spaced = `${fresh.slice(0, 3)} ${fresh.slice(3)}`;
    expect((await person.send(`${at}/code`, { code: spaced })).location).to.match(/^\/oauth\/authorize\//);
  });

  it('makes another code wait a minute, and says how long', async () => {
    const { person, at } = await atCode((await holder(server)).mobile);
    const early = await person.send(`${at}/again`);
    expect(early.status).to.equal(429);
    expect(Number(early.headers.get('retry-after'))).to.be.within(1, 60);
    expect(alertsOf(early)[0]).to.match(/^Please wait \d+ seconds and try again\.$/);
    expect(headingOf(early)).to.equal('Enter the code');
  });

  it('answers a number that was requested too often with 429, in a browser that has no code', async () => {
    const { mobile } = await holder(server);
    await atCode(mobile);
    const person = visitor(server);
    const at = `${await person.begin()}/sms`;
    await person.open(at);
    const answer = await person.send(at, { login: mobile });
    expect(answer.status).to.equal(429);
    expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
  });

  it('goes on to the code when the number is sent twice', async () => {
    const { mobile } = await holder(server);
    const person = visitor(server);
    const at = `${await person.begin()}/sms`;
    await person.open(at);
    const answers = await Promise.all([0, 1].map(() => person.send(at, { login: mobile })));
    expect(answers.map(({ location }) => location)).to.deep.equal([`${at}/code`, `${at}/code`]);
    expect(await server.domain.outbox.list({ to: mobile.replace(/^0/, '+66'), limit: 5 })).to.have.length(1);
  });

  it('signs in once when the code is sent twice, and no other browser with it', async () => {
    const { mobile } = await holder(server);
    const { person, at } = await atCode(mobile);
    const code = await person.codeTo(mobile);
    const answers = await Promise.all([0, 1].map(() => person.send(`${at}/code`, { code })));
    expect(answers.map(({ status }) => status)).to.deep.equal([303, 303]);
    const other = await atCode(newMobile());
    expect((await other.person.send(`${other.at}/code`, { code })).status).to.equal(400);
  });

  it('signs nobody in whose account is suspended', async () => {
    const { mobile, id } = await holder(server);
    const { person, at } = await atCode(mobile);
    await server.domain.lifecycle.suspend(id);
    expect((await person.send(`${at}/code`, { code: await person.codeTo(mobile) })).status).to.equal(400);
  });

  it('goes on when too many passwords were wrong', async () => {
    const strict = await stepServer({ attempts: { perAccount: 1, windowSeconds: 60 } });
    const { mobile } = await holder(strict);
    const person = visitor(strict);
    const at = await person.begin();
    for (const status of [400, 429])
      expect((await person.send(`${at}/login`, { login: mobile, password: 'wrong' })).status).to.equal(
        status,
      );
    expect((await verifyMobile(person, `${at}/sms`, mobile)).status).to.equal(303);
    await strict.stop();
  });

  it('ends in access_denied at Cancel', async () => {
    const { person, at } = await atCode((await holder(server)).mobile);
    const cancelled = await person.send(at.replace(/sms$/, 'abort'));
    expect((await person.follow(cancelled.location)).location).to.include('error=access_denied');
  });

  it('writes the number of the login_hint into the field', async () => {
    const person = visitor(server);
    const at = await person.begin({ login_hint: '+66812345678' });
    expect((await person.open(`${at}/sms`)).page).to.include('value="0812345678"');
  });

  it('comes first where the client likes it better', async () => {
    const person = visitor(server);
    const at = await person.begin({ acr_values: `urn:other ${smsCodeMethod.acr} ${passwordMethod.acr}` });
    expect((await person.open(at)).location).to.equal(`${at}/sms`);
    expect((await person.open(`${at}/sms`)).page).to.include(`href="${at}/login"`);
    const answer = await person.open(`${at}/login`);
    expect(answer.page).to.include('name="password"');
    const { mobile } = await holder(server);
    expect((await person.send(`${at}/login`, { login: mobile, password: PASSWORD })).status).to.equal(303);
  });

  it('is the only way where the client insists on it, and none where it insists on the password', async () => {
    const person = visitor(server);
    const at = await person.begin({ claims: essential({ value: smsCodeMethod.acr }) });
    expect((await person.open(`${at}/login`)).location).to.equal(at);
    expect((await person.open(`${at}/sms`)).page).to.not.include(`${at}/login`);
    const sent = await person.send(`${at}/login`, { login: '0812345678', password: PASSWORD });
    expect(sent.location).to.equal(at);

    const other = visitor(server);
    const passwordOnly = await other.begin({ claims: essential({ values: [passwordMethod.acr] }) });
    expect((await other.open(passwordOnly)).page).to.not.include('/sms');
    expect((await other.open(`${passwordOnly}/sms`)).location).to.equal(passwordOnly);
  });

  it('does not satisfy a client that insists on an unsupported acr', async () => {
    const { mobile } = await holder(server);
    const person = visitor(server);
    const at = await person.begin({ claims: essential({ value: 'urn:other' }) });
    const { location } = await verifyMobile(person, `${at}/sms`, mobile);
    expect((await person.follow(location)).location).to.include('error=unmet_authentication_requirements');
  });
});
