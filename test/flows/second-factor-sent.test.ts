import { expect } from 'chai';
import { somebody } from '../pages/account/visitor.ts';
import { post } from '../pages/interaction-steps.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';
import { addressOf, type SentSteps, sentSteps, turnOn } from './sent-steps.ts';
import { claimsOf, firstParty, type TwoSteps, twoSteps } from './two-steps.ts';

const MFA = 'urn:pratu:acr:mfa';
const essential = (...values: string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});

describe('a code by SMS or e-mail as the second factor', () => {
  let server: TestServer;
  let flow: TwoSteps;
  let steps: SentSteps;
  before(async () => {
    server = await startServer();
    flow = twoSteps(server, await firstParty(server));
    steps = sentSteps(server, flow);
  });
  after(() => server.stop());

  for (const [factor, amr] of [
    ['sms', ['pwd', 'otp', 'sms', 'mfa']],
    ['email', ['pwd', 'otp', 'mfa']],
  ] as const) {
    it(`by ${factor} is sent when its button is pressed, and makes two factors with the password`, async () => {
      const person = await steps.protectedBy(factor);
      const before = await steps.countTo(person, factor);
      const asked = await flow.toSecond(person);
      expect(asked.step).to.equal('second-factor');
      expect(asked.page).to.not.include(addressOf(person, factor));
      expect(await steps.countTo(person, factor)).to.equal(before);
      const claims = claimsOf(await flow.tokens(await steps.bySent(asked, person, factor)));
      expect(claims).to.include({ sub: String(person.id), acr: MFA });
      expect(claims.amr).to.deep.equal(amr);
      expect(await steps.countTo(person, factor)).to.equal(before + 1);
    });

    it(`by ${factor} is asked for alone when a client wants two factors of an account that has set none up`, async () => {
      for (const wish of [{ acr_values: MFA }, essential(MFA)] as Record<string, string>[]) {
        const person = await somebody(server);
        const agent = new BrowserAgent();
        const first = claimsOf(await flow.tokens(await flow.toSecond(person, {}, agent)));
        expect(first.acr).to.equal('urn:pratu:acr:password');
        expect(await flow.silently(agent, wish)).to.be.oneOf(['interaction_required', 'login_required']);
        const asked = await flow.start(wish, agent);
        expect(asked.step).to.equal('second-factor');
        expect(asked.page).to.not.match(/name="(password|remember|code)"/);
        expect(asked.page).to.include('second-factor/sms/send').and.include('second-factor/email/send');
        const claims = claimsOf(await flow.tokens(await steps.bySent(asked, person, factor)));
        expect(claims).to.include({ sub: String(person.id), acr: MFA });
        expect(await flow.silently(agent, wish)).to.equal('code');
        // this turned no factor on
        expect(await server.domain.secondFactors.isEnrolled(person.id)).to.equal(false);
      }
    });
  }

  it('is offered next to the field of the app, and only where it is turned on', async () => {
    const person = await steps.protectedBy('email');
    const app = await enrolApp(server.domain, person.id);
    const asked = await flow.toSecond(person, { acr_values: MFA });
    expect(asked.page).to.include('name="code"').and.include('second-factor/email/send');
    expect(asked.page).to.not.include('second-factor/sms/send');
    expect(claimsOf(await flow.tokens(await flow.second(asked, app.code()))).acr).to.equal(MFA);
    const again = await steps.bySent(await flow.toSecond(person), person, 'email');
    expect(claimsOf(await flow.tokens(again)).acr).to.equal(MFA);
  });

  it('can be replaced by a recovery code, down to the last', async () => {
    const person = await somebody(server);
    const [code = '', last = '', ...others] = await turnOn(server, person, 'sms');
    const asked = await flow.toSecond(person);
    expect(asked.page).to.match(/<details[^>]*><summary>/);
    const refused = await flow.second(asked, 'abcde-fghjk');
    expect(refused).to.include({ status: 400, step: 'second-factor' });
    expect(refused.page).to.match(/<details[^>]* open>/);
    expect((await flow.second(refused, code)).back?.searchParams.has('code')).to.equal(true);
    const attempt = { origin: { address: '192.0.2.79' }, clientId: undefined };
    for (const one of others) await server.domain.secondFactors.verify(person.id, one, attempt);
    const done = await flow.second(await flow.toSecond(person), last);
    expect(done.back?.searchParams.has('code')).to.equal(true);
  });

  it('is not asked again on a device that is remembered', async () => {
    const person = await steps.protectedBy('sms');
    const agent = new BrowserAgent();
    const asked = await flow.toSecond(person, {}, agent);
    await steps.bySent(asked, person, 'sms', { remember: 'yes' });
    const again = await flow.toSecond(person, { prompt: 'login' }, agent);
    expect(again.back?.searchParams.has('code')).to.equal(true);
    expect((await flow.toSecond(person, { prompt: 'login', acr_values: MFA }, agent)).step).to.equal(
      'second-factor',
    );
  });

  describe('after a code by SMS', () => {
    it('is never another one: the password is asked for instead', async () => {
      const person = await steps.protectedBy('sms');
      const asked = await steps.firstBySms(await flow.start(), person);
      expect(asked.step).to.equal('login');
      expect(asked.page).to.include('name="password"');
      for (const answer of [
        await post(asked, 'second-factor/sms/send', {}),
        await post(asked, 'second-factor/sms', { code: '123456' }),
      ])
        expect(answer.headers.get('location')).to.match(new RegExp(`/interaction/${asked.uid}$`));
      const claims = claimsOf(await flow.tokens(await flow.password(asked, person.email)));
      expect(claims).to.include({ sub: String(person.id), acr: MFA });
      expect(claims.amr).to.have.members(['pwd', 'otp', 'sms', 'mfa']);
    });

    it('asks for the password also where the client wants the weaker acr', async () => {
      const person = await steps.protectedBy('sms');
      const asked = await steps.firstBySms(await flow.start(essential('urn:pratu:acr:sms')), person);
      expect(asked.page).to.include('name="password"');
      const claims = claimsOf(await flow.tokens(await flow.password(asked, person.email)));
      expect(claims.acr).to.equal('urn:pratu:acr:sms');
    });

    it('is one by e-mail where that is turned on, which does not make two kinds', async () => {
      const person = await steps.protectedBy('sms', 'email');
      const asked = await steps.firstBySms(await flow.start(), person);
      expect(asked.step).to.equal('second-factor');
      expect(asked.page).to.not.include('second-factor/sms/send');
      const claims = claimsOf(await flow.tokens(await steps.bySent(asked, person, 'email')));
      expect(claims.acr).to.equal('urn:pratu:acr:sms');
      expect(claims.amr).to.deep.equal(['otp', 'sms']);
    });

    it('the password of somebody else begins their own sign-in', async () => {
      const [person, thief] = [await steps.protectedBy('sms'), await somebody(server)];
      const asked = await steps.firstBySms(await flow.start(), person);
      const claims = claimsOf(await flow.tokens(await flow.password(asked, thief.email)));
      expect(claims).to.include({ sub: String(thief.id), acr: 'urn:pratu:acr:password' });
    });
  });

  it('does not make an app unnecessary: a sign-in by SMS is no second factor that was turned on', async () => {
    const person = await somebody(server);
    await enrolApp(server.domain, person.id);
    const asked = await flow.toSecond(person);
    const begun = await flow.start({}, asked.agent);
    const late = await steps.firstBySms(await flow.password(begun, person.email), person);
    expect(late.step).to.equal('second-factor');
    expect(late.page).to.include('name="code"').and.not.include('/send"');
  });

  it('is not offered without its channel, and not of contacts that nothing proves', async () => {
    const person = await somebody(server);
    await server.database
      .knex('contacts')
      .where({ account_id: person.id, kind: 'email' })
      .update({ verified_at: null });
    const asked = await flow.toSecond(person, { acr_values: MFA });
    expect(asked.page).to.include('/sms/send').and.not.include('/email/send');
  });

  describe('under another policy', () => {
    for (const policy of ['off', 'required'] as const)
      describe(policy, () => {
        let other: TestServer;
        let otherFlow: TwoSteps;
        before(async () => {
          other = await startServer({ secondFactor: { policy } });
          otherFlow = twoSteps(other, await firstParty(other));
        });
        after(() => other.stop());

        it(
          policy === 'off' ? 'asks only for a client that wants two' : 'accepts one that is turned on',
          async () => {
            const person = await somebody(other);
            const none = await otherFlow.toSecond(person);
            expect(none.step).to.equal(policy === 'off' ? undefined : 'second-factor/new');
            await turnOn(other, person, 'sms');
            const asked = await otherFlow.toSecond(person);
            expect(asked.step).to.equal(policy === 'off' ? undefined : 'second-factor');
            expect((await otherFlow.toSecond(person, { acr_values: MFA })).step).to.equal('second-factor');
          },
        );
      });
  });
});
