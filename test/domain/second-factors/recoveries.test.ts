import { expect } from 'chai';
import { moveClock, resetClock } from '../../support/clock.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { elsewhere, HOUR, type LostFactor, later, lostFactor, PASSWORD, TOLD } from './lost-factor.ts';

describe('the recovery of a lost second factor', () => {
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

  describe('beginning', () => {
    it('notifies every verified contact, and no other, of the time from which it can be finished', async () => {
      await lost.begin();
      const recovery = await lost.found();
      const hours = (Number(recovery?.availableAt) - Number(recovery?.requestedAt)) / 1000 / HOUR;
      expect(hours).to.equal(72);
      expect(recovery?.isAvailable).to.equal(false);
      expect(await lost.toldOf('second-factor-recovery')).to.deep.equal(TOLD);
      const day = new Intl.DateTimeFormat('th-TH', {
        timeZone: domain.config.server.timeZone,
        day: 'numeric',
        month: 'short',
      }).format(recovery?.availableAt);
      const sms = (await lost.queued('second-factor-recovery')).find(({ to }) => to.startsWith('+'));
      expect(sms?.text).to.include(day);
      expect(await lost.events()).to.deep.equal(['second_factor.recovery_requested']);
    });

    it('a second time moves no date and sends no further notice', async () => {
      await lost.begin();
      const first = await lost.found();
      await later(domain, 10);
      await lost.begin();
      expect(await lost.found()).to.deep.equal(first);
      expect(await lost.toldOf('second-factor-recovery')).to.deep.equal(TOLD);
      expect(await lost.events()).to.have.length(1);
    });

    it('ten times simultaneously, in two processes, counts once', async () => {
      const other = await elsewhere(domain);
      await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? other : domain).secondFactorRecoveries.begin(lost.id),
        ),
      );
      expect(await lost.toldOf('second-factor-recovery')).to.deep.equal(TOLD);
      expect(await lost.events()).to.have.length(1);
    });

    it('is not possible without a second factor, and not for a suspended account', async () => {
      const { id } = await domain.lifecycle.create({ password: PASSWORD, contacts: [] });
      expect(await codeOf(domain.secondFactorRecoveries.begin(id))).to.equal('NOT_FOUND');
      await domain.lifecycle.suspend(lost.id);
      expect(await codeOf(lost.begin())).to.equal('NOT_FOUND');
      expect(await lost.found()).to.equal(undefined);
    });

    it('also tells a contact that waits to be confirmed after a recovery through another one', async () => {
      const knex = domain.database.knex;
      await knex('contacts')
        .where({ account_id: lost.id, kind: 'mobile' })
        .update({ unconfirmed_since: knex.raw('pratu_now()') });
      await lost.begin();
      expect(await lost.toldOf('second-factor-recovery')).to.deep.equal(TOLD);
    });
  });

  describe('finishing', () => {
    it('is not possible without beginning, nor before the time, to the second', async () => {
      expect(await lost.finish()).to.equal(false);
      await lost.begin();
      expect(await lost.finish()).to.equal(false);
      await moveClock(domain.database, 72 * HOUR - 5);
      expect((await lost.found())?.isAvailable).to.equal(false);
      expect(await lost.finish()).to.equal(false);
      expect(await lost.isEnrolled()).to.equal(true);
      await moveClock(domain.database, 6);
      expect((await lost.found())?.isAvailable).to.equal(true);
      expect(await lost.finish()).to.equal(true);
    });

    it('removes all second factors, ends sessions and tokens, and tells every verified contact', async () => {
      await domain.secondFactors.begin(lost.id, 'Tablet');
      const before = (await domain.accounts.find(lost.id))?.generation ?? 0;
      const knex = domain.database.knex;
      await knex('sessions').insert({
        uid: 'a-session',
        account_id: lost.id,
        payload: '{}',
        expires_at: knex.raw(`pratu_now() + interval '9 days'`),
      });
      await lost.begin();
      await later(domain, 72);
      expect(await lost.finish()).to.equal(true);
      expect(await domain.secondFactors.list(lost.id)).to.deep.equal({
        authenticators: [],
        recoveryCodes: 0,
      });
      expect(await domain.secondFactors.pending(lost.id)).to.equal(undefined);
      expect(await codeOf(lost.verify(lost.app.recoveryCodes[0] ?? ''))).to.equal('CODE_WRONG');
      expect((await domain.accounts.find(lost.id))?.generation).to.be.above(before);
      expect(await knex('sessions').where({ account_id: lost.id })).to.deep.equal([]);
      expect(await lost.toldOf('second-factor-recovered')).to.deep.equal(TOLD);
      expect(await lost.events()).to.deep.equal([
        'second_factor.recovery_requested',
        'second_factor.recovered',
      ]);
      expect(await lost.finish(), 'again').to.equal(false);
      expect(await lost.found()).to.equal(undefined);
    });

    it('twenty times simultaneously, in two processes, takes effect once', async () => {
      const other = await elsewhere(domain);
      await lost.begin();
      await later(domain, 73);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? other : domain).secondFactorRecoveries.finish(lost.id),
        ),
      );
      expect(results.filter((one) => one !== undefined)).to.have.length(1);
      expect(await lost.toldOf('second-factor-recovered')).to.deep.equal(TOLD);
    });

    it('expires a week after the time, and begins again', async () => {
      await lost.begin();
      await later(domain, 72 + 7 * 24);
      expect(await lost.found()).to.equal(undefined);
      expect(await lost.finish()).to.equal(false);
      await lost.begin();
      expect((await lost.found())?.isAvailable).to.equal(false);
      expect(await lost.events()).to.have.length(2);
    });

    it('is not brought nearer by a new password or a recovery of the account', async () => {
      await lost.begin();
      const first = await lost.found();
      await later(domain, 1);
      const { generation = 0 } = (await domain.accounts.find(lost.id)) ?? {};
      const next = 'even-greener-mountain-8';
      await domain.passwordChange.change({ accountId: lost.id, next, preservedSession: { generation } });
      await domain.passwordReset.request({
        ...{ email: 'owner@example.com', resetUri: '/reset-password', locale: 'en' },
        origin: { address: '2001:db8::9' },
      });
      const [mail] = await domain.outbox.list({ to: 'owner@example.com', limit: 1 });
      const code = /reset-password\/([A-Z0-9]{10})/.exec(mail?.text ?? '')?.[1] ?? '';
      await domain.passwordReset.reset({
        ...{ email: 'owner@example.com', code, password: PASSWORD, origin: { address: '2001:db8::9' } },
      });
      expect(await lost.found()).to.deep.equal(first);
      expect(await lost.finish()).to.equal(false);
      expect(await lost.isEnrolled()).to.equal(true);
    });

    it('is not possible for a suspended account', async () => {
      await lost.begin();
      await later(domain, 72);
      await domain.lifecycle.suspend(lost.id);
      expect(await lost.finish()).to.equal(false);
      expect(await lost.isEnrolled()).to.equal(true);
    });
  });

  it('is left to operators where the wait is 0, also one that waits already', async () => {
    await lost.begin();
    const strict = await elsewhere(domain, 0);
    await later(domain, 72);
    const { secondFactorRecoveries: recoveries } = strict;
    expect(await recoveries.find(lost.id)).to.equal(undefined);
    expect(await recoveries.finish(lost.id)).to.equal(undefined);
    expect(await codeOf(recoveries.begin(lost.id))).to.equal('NOT_FOUND');
    expect(await lost.isEnrolled()).to.equal(true);
  });
});
