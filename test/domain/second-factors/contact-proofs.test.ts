import { expect } from 'chai';
import { moveClock, resetClock } from '../../support/clock.ts';
import { readyDomain } from '../../support/domain.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { caller } from '../recovery/recovery-steps.ts';
import { elsewhere, type LostFactor, lostFactor, TOLD } from './lost-factor.ts';

const [MOBILE = '', EMAIL = ''] = TOLD;

describe('a contact that is proved before a second factor is removed', () => {
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

  const proofs = () => domain.contactProofs;
  const send = (channel: 'sms' | 'mail', origin = caller()) =>
    proofs().send(lost.id, { channel, origin, browser: 'browser' });
  const check = (channel: 'sms' | 'mail', code: string, id = lost.id, origin = caller()) =>
    proofs().check(id, { channel, code, origin });
  const sent = async (to: string): Promise<string> => {
    const [newest] = await domain.outbox.list({ to, limit: 1 });
    return /\b([A-Z0-9]{10}|\d{6})\b/.exec(newest?.text ?? '')?.[1] ?? '';
  };

  it('is the main one of each kind, masked', async () => {
    expect(await proofs().contactsOf(lost.id)).to.deep.equal([
      { channel: 'sms', shown: '08x-xxx-5678' },
      { channel: 'mail', shown: 'o•••@example.com' },
    ]);
    expect(await proofs().contactsOf(999_999_999)).to.deep.equal([]);
  });

  it('is one that is verified, confirmed, and that the deployment can write to', async () => {
    const { messages } = domain.config;
    const onlySms = await readyDomain({
      config: { ...domain.config, messages: { ...messages, outbox: false, smsUrl: 'https://sms.example' } },
      database: domain.database,
    });
    const channelsOf = async (one: Pick<EmptyDomain, 'contactProofs'>): Promise<string[]> =>
      (await one.contactProofs.contactsOf(lost.id)).map(({ channel }) => channel);
    expect(await channelsOf(onlySms)).to.deep.equal(['sms']);
    const asked = { channel: 'mail', origin: caller(), browser: 'browser' } as const;
    expect(await codeOf(onlySms.contactProofs.send(lost.id, asked))).to.equal('NOT_FOUND');
    const { knex } = domain.database;
    await knex('contacts')
      .where({ key: MOBILE })
      .update({ unconfirmed_since: knex.raw('pratu_now()') });
    expect(await channelsOf(domain)).to.deep.equal(['mail']);
    await knex('contacts').where({ account_id: lost.id }).update({ verified_at: null });
    expect(await channelsOf(domain)).to.deep.equal([]);
    for (const channel of ['sms', 'mail'] as const) {
      expect(await codeOf(send(channel))).to.equal('NOT_FOUND');
      expect(await codeOf(check(channel, '123456'))).to.equal('NOT_FOUND');
    }
  });

  for (const [channel, to] of [
    ['sms', MOBILE],
    ['mail', EMAIL],
  ] as const) {
    it(`is proved once by a code, of several at once in two processes (${channel})`, async () => {
      const other = await elsewhere(domain);
      await send(channel);
      const code = await sent(to);
      const uses = await Promise.all([1, 2, 3, 4].map(() => check(channel, code)));
      const done = await Promise.all(
        uses.map((use, index) =>
          codeOf((index % 2 ? other : domain).secondFactorRecoveries.begin(lost.id, use)),
        ),
      );
      expect(done.sort()).to.deep.equal(['CODE_WRONG', 'CODE_WRONG', 'CODE_WRONG', 'none']);
      expect(await codeOf(check(channel, code))).to.equal('CODE_WRONG');
    });

    it(`is not proved by the code of another account, nor by one that has expired (${channel})`, async () => {
      const { id } = await domain.lifecycle.create({
        contacts: [
          { kind: 'email', value: 'thief@example.com', verified: true },
          { kind: 'mobile', value: '+66812345679', verified: true },
        ],
      });
      await send(channel);
      const code = await sent(to);
      expect(await codeOf(check(channel, code, id))).to.equal('CODE_WRONG');
      await moveClock(domain.database, 1801);
      expect(await codeOf(check(channel, code))).to.equal('CODE_WRONG');
    });
  }

  it('is not proved by a code for a reset of the password, and that not by ours', async () => {
    await domain.passwordReset.request({
      ...{ email: EMAIL, resetUri: '/reset-password', locale: 'en', origin: caller() },
    });
    expect(await codeOf(check('mail', await sent(EMAIL)))).to.equal('CODE_WRONG');
    await send('mail');
    const reset = { email: EMAIL, code: await sent(EMAIL), password: 'even-greener-mountain-8' };
    expect(await codeOf(domain.passwordReset.reset({ ...reset, origin: caller() }))).to.equal(
      'RESET_CODE_INVALID',
    );
    const mobile = { mobile: MOBILE, locale: 'en', asker: caller() } as const;
    await domain.codes.request({ ...mobile });
    expect(await codeOf(check('sms', await sent(MOBILE)))).to.equal('CODE_WRONG');
    await moveClock(domain.database, 61);
    await send('sms');
    const code = await sent(MOBILE);
    for (const purpose of ['login', 'reset'] as const)
      expect(await codeOf(domain.codes.check({ mobile: MOBILE, code, purpose, origin: caller() }))).to.equal(
        'CODE_WRONG',
      );
    expect(await codeOf(check('sms', code))).to.equal('none');
  });

  it('is not proved by a code from before the account was recovered', async () => {
    await send('mail');
    const code = await sent(EMAIL);
    await domain.passwordReset.request({
      ...{ email: EMAIL, resetUri: '/reset-password', locale: 'en', origin: caller() },
    });
    const reset = { email: EMAIL, code: await sent(EMAIL), password: 'even-greener-mountain-8' };
    await domain.passwordReset.reset({ ...reset, origin: caller() });
    expect(await codeOf(check('mail', code))).to.equal('CODE_WRONG');
  });

  it('is sent as many mails as other mails that anyone asks for, and the last code stays good', async () => {
    const origin = caller();
    const { perAddressHour } = domain.config.messages;
    const results: string[] = [];
    for (let mail = 0; mail <= perAddressHour; mail += 1) results.push(await codeOf(send('mail', origin)));
    expect(results.at(-1)).to.equal('TOO_MANY_ATTEMPTS');
    expect(results.filter((one) => one === 'none')).to.have.length.of.at.least(1);
    expect(await codeOf(check('mail', await sent(EMAIL)))).to.equal('none');
  });
});
