import { expect } from 'chai';
import { resetClock } from '../../support/clock.ts';
import { enrolApp } from '../../support/totp.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { elsewhere, type LostFactor, later, lostFactor, TOLD } from './lost-factor.ts';

describe('the wait for a lost second factor', () => {
  let domain: EmptyDomain;
  let lost: LostFactor;

  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());
  beforeEach(async () => {
    await domain.empty();
    lost = await lostFactor(domain);
  });
  afterEach(resetClock);

  describe('ends', () => {
    const CANCELLED = ['second_factor.recovery_requested', 'second_factor.recovery_cancelled'];

    for (const [what, code] of [
      ['a code of the app', () => lost.app.code()],
      ['a recovery code', () => lost.app.recoveryCodes[0] ?? ''],
    ] as const)
      it(`when ${what} signs in, which the owner is told`, async () => {
        await lost.begin();
        await later(domain, 72);
        await lost.verify(code());
        expect(await lost.found()).to.equal(undefined);
        expect(await lost.finish()).to.equal(false);
        expect(await lost.events()).to.deep.equal(CANCELLED);
        const { actor, details } = await domain.database
          .knex('audit')
          .where({ event: 'second_factor.recovery_cancelled' })
          .first();
        expect([actor, details]).to.deep.equal([`account:${lost.id}`, { by: 'second_factor' }]);
        expect(await lost.toldOf('second-factor-recovery-cancelled')).to.have.length(1);
      });

    it('when a code by e-mail signs in that is turned on, and not when a client alone wants it', async () => {
      const origin = { address: '10.9.8.7' };
      const asked = { locale: 'en' as const, address: origin.address, browser: 'mine' };
      const sent = async (): Promise<{ code: string; browser: string; origin: typeof origin }> => {
        await domain.secondFactors.send(lost.id, 'email', asked);
        const [mail] = await domain.outbox.list({ to: 'owner@example.com', limit: 1 });
        return { code: /\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? '', browser: 'mine', origin };
      };
      await lost.begin();
      await domain.secondFactors.verifySent(lost.id, 'email', { ...(await sent()), clientId: undefined });
      expect(await lost.found()).to.not.equal(undefined);
      await later(domain, 1);
      await domain.secondFactors.turnOn(lost.id, 'email', await sent());
      await lost.begin();
      await later(domain, 1);
      await domain.secondFactors.verifySent(lost.id, 'email', { ...(await sent()), clientId: undefined });
      expect(await lost.found()).to.equal(undefined);
    });

    it('not when a code is wrong', async () => {
      await lost.begin();
      expect(await codeOf(lost.verify(lost.app.wrong()))).to.equal('CODE_WRONG');
      expect(await lost.found()).to.not.equal(undefined);
    });

    it('when its owner cancels it, once', async () => {
      await lost.begin();
      expect(await domain.secondFactorRecoveries.cancel(lost.id)).to.equal(true);
      expect(await domain.secondFactorRecoveries.cancel(lost.id)).to.equal(false);
      expect(await lost.found()).to.equal(undefined);
      expect(await lost.events()).to.deep.equal(CANCELLED);
      await later(domain, 100);
      expect(await lost.finish()).to.equal(false);
    });

    it('when an operator or the owner removes an authenticator', async () => {
      await lost.begin();
      const [row] = (await domain.secondFactors.list(lost.id)).authenticators;
      await domain.secondFactors.remove(lost.id, row?.id ?? '');
      expect(await lost.found()).to.equal(undefined);
      expect(await lost.events()).to.deep.equal(CANCELLED);
      expect(await lost.toldOf('second-factor-recovery-cancelled')).to.deep.equal([]);
      await enrolApp(domain, lost.id);
      await later(domain, 100);
      expect(await lost.finish(), 'of a later app').to.equal(false);
    });

    it('when an app is added, and when the recovery codes are renewed: it is not lost any more', async () => {
      await lost.begin();
      await enrolApp(domain, lost.id);
      expect(await lost.found()).to.equal(undefined);
      await lost.begin();
      await domain.secondFactors.renewRecoveryCodes(lost.id);
      expect(await lost.found()).to.equal(undefined);
      expect(await lost.toldOf('second-factor-recovery-cancelled')).to.deep.equal([]);
    });

    it('with either the finish or the sign-in, never with both', async () => {
      await lost.begin();
      await later(domain, 72);
      const [finished, verified] = await Promise.all([lost.finish(), codeOf(lost.verify(lost.app.code()))]);
      const ended = (await lost.events()).slice(1);
      expect(ended).to.have.length(1);
      expect(ended[0]).to.equal(finished ? 'second_factor.recovered' : 'second_factor.recovery_cancelled');
      expect(await lost.isEnrolled()).to.equal(!finished);
      expect(verified).to.be.oneOf(['none', 'CODE_WRONG']);
    });

    it('with its account', async () => {
      await lost.begin();
      await domain.lifecycle.remove(lost.id);
      expect(await domain.database.knex('second_factor_recoveries')).to.deep.equal([]);
    });
  });

  describe('reminds', () => {
    it('every verified contact a day before the time, once, of two processes', async () => {
      const other = await elsewhere(domain);
      const remind = () =>
        Promise.all([domain.secondFactorRecoveries.remind(), other.secondFactorRecoveries.remind()]);
      await lost.begin();
      await later(domain, 47);
      await remind();
      expect(await lost.toldOf('second-factor-recovery')).to.have.length(TOLD.length);
      await later(domain, 2);
      await remind();
      await remind();
      expect(await lost.toldOf('second-factor-recovery')).to.deep.equal([...TOLD, ...TOLD].sort());
      // the mail has the time of the request, which was two days ago
      const mails = (await lost.queued('second-factor-recovery')).filter(({ to }) => to === TOLD[1]);
      const times = mails.map(({ text }) => /^เมื่อ: (.+)$/m.exec(text)?.[1]);
      expect(times).to.have.length(2);
      expect(times[0])
        .to.match(/\d\d:\d\d/)
        .and.equal(times[1]);
    });

    it('nobody after it has ended, nor where the wait is a day at most', async () => {
      await lost.begin();
      await domain.secondFactorRecoveries.cancel(lost.id);
      await later(domain, 60);
      await domain.secondFactorRecoveries.remind();
      expect(await lost.toldOf('second-factor-recovery')).to.have.length(TOLD.length);

      const brief = await elsewhere(domain, 24);
      await brief.secondFactorRecoveries.begin(lost.id);
      await later(domain, 23);
      await brief.secondFactorRecoveries.remind();
      expect(await lost.toldOf('second-factor-recovery')).to.have.length(2 * TOLD.length);
      await later(domain, 1);
      expect(await brief.secondFactorRecoveries.finish(lost.id)).to.be.a('number');
    });
  });
});
