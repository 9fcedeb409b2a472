import { expect } from 'chai';
import { newEmail } from '../domain/recovery/recovery-steps.ts';
import { silently } from '../pages/interaction-steps.ts';
import { holder, PASSWORD, stepServer, verifyMobile } from '../pages/step-server.ts';
import { headingOf, visitor } from '../pages/visitor.ts';
import { resetClock } from '../support/clock.ts';
import { checkAnswer } from '../support/openapi.ts';
import type { TestServer } from '../support/server.ts';
import { enrolApp, stepAt, totpCode } from '../support/totp.ts';
import { LOST, type LostSteps, lostSteps } from './lost-steps.ts';
import { passkeyOf } from './passkey-steps.ts';

const WAIT = 'Please wait';
const MFA = 'urn:pratu:acr:mfa';

describe('a lost second factor, on the pages', () => {
  let server: TestServer;
  let steps: LostSteps;
  before(async () => {
    server = await stepServer();
    steps = lostSteps(server);
  });
  after(() => server.stop());
  afterEach(resetClock);

  for (const channel of ['sms', 'email'] as const)
    it(`is waited for, and removed after that, with codes by ${channel}; the sign-in goes on`, async () => {
      const someone = await steps.owner();
      const lost = await steps.toLost(someone);
      expect(headingOf(lost)).to.equal('Turn off two-step verification');
      expect(lost.page).to.include('after 3 days').and.not.include(someone.email);
      await steps.prove(lost, someone, 'begin', channel);
      const waiting = await lost.person.open(`${lost.at}/${LOST}`);
      expect(headingOf(waiting)).to.equal(WAIT);
      expect(waiting.page).to.not.include('name="intent"');
      await steps.later(71);
      expect(headingOf(await steps.toLost(someone))).to.equal(WAIT);
      await steps.later(1);
      const again = await steps.toLost(someone);
      const next = await steps.prove(again, someone, 'finish', channel);
      expect(await steps.isEnrolled(someone)).to.equal(false);
      await again.person.follow(next);
      expect((await again.person.allow()).searchParams.get('code')).to.be.a('string');
    });

  it('asks for no code where the first factor was one, as after a forgotten password', async () => {
    const someone = await steps.owner();
    const person = visitor(server);
    const at = await person.begin();
    const { location } = await verifyMobile(person, `${at}/forgot-password`, someone.mobile);
    await person.open(location);
    const done = await person.send(location, { password: 'another-horse-battery' });
    expect(done.location).to.equal(`${at}/second-factor`);
    expect((await person.open(`${at}/${LOST}`)).page).to.not.include('name="channel"');
    expect((await person.send(`${at}/${LOST}`, { intent: 'begin' })).location).to.equal(`${at}/${LOST}`);
    expect((await steps.recoveryOf(someone))?.isAvailable).to.equal(false);
    // the e-mail waits to be confirmed after that recovery, but is notified all the same
    const mails = await server.domain.outbox.list({ to: someone.email, limit: 5 });
    expect(mails.map(({ subject }) => subject).join()).to.match(/ปิดการยืนยันตัวตนสองขั้น/);
    expect(await steps.isEnrolled(someone)).to.equal(true);
  });

  it('stays when the owner signs in with a code of the app meanwhile', async () => {
    const someone = await steps.begun();
    const { person, at } = await steps.toSecond(someone);
    expect((await person.send(`${at}/second-factor`, { code: someone.app.code() })).status).to.equal(303);
    expect(await steps.recoveryOf(someone)).to.equal(undefined);
    await steps.later(72);
    expect(headingOf(await steps.toLost(someone))).to.equal('Turn off two-step verification');
    expect((await steps.toLost(someone)).page).to.include('value="begin"');
  });

  it('is kept by the button at "Security", which shows the date', async () => {
    const someone = await steps.owner();
    const { person, at } = await steps.toSecond(someone);
    const done = await person.send(`${at}/second-factor`, { code: someone.app.code() });
    await person.follow(done.location);
    await person.allow();
    const before = await person.follow('/account/security');
    expect(before.page).to.not.include('cancel-recovery');
    await steps.prove(await steps.toLost(someone), someone, 'begin');
    const { page } = await person.follow('/account/security');
    expect(page).to.include('action="/account/security/cancel-recovery"');
    const cancelled = await person.send('/account/security/cancel-recovery');
    checkAnswer('cancelSecondFactorRecovery', cancelled.status, cancelled.headers, '');
    expect(cancelled.location).to.equal('/account/security?outcome=recovery_cancelled');
    expect((await person.open(cancelled.location)).page).to.include('The request was cancelled.');
    expect(await steps.recoveryOf(someone)).to.equal(undefined);
  });

  describe('where a client insists on two factors', () => {
    const essential = {
      claims: JSON.stringify({ id_token: { acr: { essential: true, value: MFA } } }),
    };

    it('asks for a code to a contact in its place, once it is removed', async () => {
      const someone = await steps.begun(essential);
      await steps.later(72);
      const lost = await steps.toLost(someone, essential);
      const next = await steps.prove(lost, someone, 'finish');
      const { page } = await lost.person.follow(next);
      expect(page).to.include('/second-factor/sms/send"').and.not.include('/second-factor/lost');
    });

    it('needs a new sign-in where a session is stepped up', async () => {
      const person = visitor(server);
      // a session by password alone, from before the app was added
      const plain = await holder(server, { email: newEmail() });
      const first = await person.begin();
      const { location } = await person.send(`${first}/login`, { login: plain.mobile, password: PASSWORD });
      await person.follow(location);
      await person.allow();
      await enrolApp(server.domain, plain.id);
      const at = (await person.begin(essential)).replace(server.url, '');
      const shown = await person.follow(`${at}/${LOST}`);
      expect(headingOf(shown)).to.equal('Sign in again');
      for (const path of [LOST, `${LOST}/code?channel=sms`])
        expect(
          (await person.send(`${at}/${path}`, { intent: 'begin', channel: 'sms', code: '123456' })).location,
        ).to.equal(`${at}/${LOST}`);
      expect(await steps.recoveryOf(plain)).to.equal(undefined);
      const again = await person.send(`${at}/other-account`);
      const asked = await person.follow(again.location);
      expect(asked.page).to.include('name="password"');
      const next = /action="(\/interaction\/[\w-]+)\/login"/.exec(asked.page)?.[1] ?? '';
      await person.send(`${next}/login`, { login: plain.mobile, password: PASSWORD });
      expect((await person.open(`${next}/${LOST}`)).page).to.include('value="begin"');
    });
  });

  it('starts the request again where the sign-in belongs to a session that ends with the removal', async () => {
    const someone = await steps.owner();
    const first = await steps.toSecond(someone);
    const { person } = first;
    const done = await person.send(`${first.at}/second-factor`, { code: someone.app.code() });
    await person.follow(done.location);
    await person.allow();
    await steps.prove(await steps.toLost(someone), someone, 'begin');
    // the wait is longer than any unused session lives; here, it ends during a session
    await server.database
      .knex('second_factor_recoveries')
      .where({ account_id: someone.id })
      .update({ available_at: server.database.knex.raw('pratu_now()') });
    const at = await person.begin({ prompt: 'login' });
    await person.send(`${at}/login`, { login: someone.email, password: PASSWORD });
    await person.open(`${at}/${LOST}`);
    const next = await steps.prove({ person, at }, someone, 'finish', 'email');
    expect(await steps.isEnrolled(someone)).to.equal(false);
    expect(next).to.match(/^\/oauth\/authorize\?/);
    expect((await person.follow(next)).page).to.include('name="password"');
  });

  describe('in a deployment that requires one', () => {
    let strict: TestServer;
    let strictly: LostSteps;
    before(async () => {
      strict = await stepServer({ secondFactor: { policy: 'required', recoveryDelayHours: 1 } });
      strictly = lostSteps(strict);
    });
    after(() => strict.stop());

    it('leads to a new app, before anything else', async () => {
      const someone = await strictly.owner();
      await strictly.prove(await strictly.toLost(someone), someone, 'begin', 'sms');
      await strictly.later(1);
      const lost = await strictly.toLost(someone);
      const next = await strictly.prove(lost, someone, 'finish', 'email');
      expect(next).to.equal(`${lost.at}/second-factor/new`);
      expect((await lost.person.open(next)).page).to.include('data-secret');
      expect(await silently(strict, lost.person.agent)).to.equal('login_required');
      // the same sign-in ends with the new app, although all older sign-ins have ended
      const { page } = await lost.person.open(next);
      const secret = /data-secret>([A-Z2-7]+)</.exec(page)?.[1] ?? '';
      const codes = await lost.person.send(next, { code: totpCode(secret, stepAt()) });
      const onward = /class="button primary" href="([^"]+)"/.exec(codes.page)?.[1] ?? '';
      await lost.person.follow(onward.replaceAll('&amp;', '&').replace(strict.url, ''));
      expect((await lost.person.allow()).searchParams.get('code')).to.be.a('string');
    });

    it('helps an account that has only a passkey', async () => {
      const { id, mobile } = await holder(strict, { email: newEmail() });
      await passkeyOf(strict, id);
      const person = visitor(strict);
      const at = await person.begin();
      const { location } = await person.send(`${at}/login`, { login: mobile, password: PASSWORD });
      expect(location).to.equal(`${at}/second-factor`);
      expect((await person.open(`${at}/${LOST}`)).page).to.include('value="begin"');
    });
  });

  describe('is left to operators', () => {
    it('where no contact is verified', async () => {
      const email = newEmail();
      const { id } = await server.domain.lifecycle.create({
        password: PASSWORD,
        contacts: [{ kind: 'email', value: email, verified: false }],
      });
      const someone = { id, email, mobile: '', app: await enrolApp(server.domain, id) };
      const before = await server.domain.outbox.list({ to: email, limit: 9 });
      const { person, at, page } = await steps.toLost(someone);
      expect(headingOf({ page })).to.equal('Ask us for help');
      for (const channel of ['email', 'sms'])
        expect((await person.send(`${at}/${LOST}`, { intent: 'begin', channel })).location).to.equal(
          `${at}/${LOST}`,
        );
      expect(await steps.recoveryOf(someone)).to.equal(undefined);
      expect(await server.domain.outbox.list({ to: email, limit: 9 })).to.have.length(before.length);
    });

    it('where the wait is 0', async () => {
      const off = await stepServer({ secondFactor: { recoveryDelayHours: 0 } });
      try {
        expect(headingOf(await lostSteps(off).toLost(await lostSteps(off).owner()))).to.equal(
          'Ask us for help',
        );
      } finally {
        await off.stop();
      }
    });
  });
});
