import { expect } from 'chai';
import type { SentFactor } from '../../../src/domain/second-factors/second-factors.ts';
import { moveClock, resetClock } from '../../support/clock.ts';
import { readyDomain } from '../../support/domain.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { caller } from '../recovery/recovery-steps.ts';
import { elsewhere, type LostFactor, lostFactor, TOLD } from './lost-factor.ts';
import { wrong } from './sent-steps.ts';

const [MOBILE = '', EMAIL = ''] = TOLD;
const CONTACTS = { sms: MOBILE, email: EMAIL } as const;

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
  const request = () => ({ locale: 'en', address: caller().address, browser: 'browser' }) as const;
  const send = (factor: SentFactor) => proofs().send(lost.id, factor, request());
  const prove = (
    factor: SentFactor,
    code: string,
    {
      id = lost.id,
      browser = 'browser',
      origin = caller(),
      on = domain as Pick<EmptyDomain, 'contactProofs'>,
    } = {},
  ) => codeOf(on.contactProofs.prove(id, factor, { code, browser, origin }));
  const sent = async (to: string): Promise<string> => {
    const [newest] = await domain.outbox.list({ to, limit: 1 });
    return /\b\d{6}\b/.exec(newest?.text ?? '')?.[0] ?? '';
  };

  it('is the main one of each kind, masked', async () => {
    expect(await proofs().contactsOf(lost.id)).to.deep.equal([
      { factor: 'sms', to: '08x-xxx-5678' },
      { factor: 'email', to: 'o•••@example.com' },
    ]);
    expect(await proofs().contactsOf(999_999_999)).to.deep.equal([]);
  });

  it('is one that is verified, confirmed, and that the deployment can write to', async () => {
    const { messages } = domain.config;
    const onlySms = await readyDomain({
      config: { ...domain.config, messages: { ...messages, outbox: false, smsUrl: 'https://sms.example' } },
      database: domain.database,
    });
    const factorsOf = async (one: Pick<EmptyDomain, 'contactProofs'>): Promise<string[]> =>
      (await one.contactProofs.contactsOf(lost.id)).map(({ factor }) => factor);
    expect(await factorsOf(onlySms)).to.deep.equal(['sms']);
    expect(await codeOf(onlySms.contactProofs.send(lost.id, 'email', request()))).to.equal(
      'MAIL_UNAVAILABLE',
    );
    await send('sms');
    const code = await sent(MOBILE);
    const { knex } = domain.database;
    await knex('contacts')
      .where({ key: MOBILE })
      .update({ unconfirmed_since: knex.raw('pratu_now()') });
    expect(await factorsOf(domain)).to.deep.equal(['email']);
    expect(await prove('sms', code)).to.equal('CODE_WRONG');
    await knex('contacts').where({ account_id: lost.id }).update({ verified_at: null });
    expect(await factorsOf(domain)).to.deep.equal([]);
    for (const factor of ['sms', 'email'] as const) {
      expect(await codeOf(send(factor))).to.equal('NOT_FOUND');
      expect(await prove(factor, code)).to.equal('CODE_WRONG');
    }
  });

  for (const factor of ['sms', 'email'] as const) {
    const to = CONTACTS[factor];

    it(`is proved once by a code, of several at once in two processes (${factor})`, async () => {
      const other = await elsewhere(domain);
      await send(factor);
      const code = await sent(to);
      const results = await Promise.all(
        [1, 2, 3, 4].map((index) => prove(factor, code, { on: index % 2 ? other : domain })),
      );
      expect(results.sort()).to.deep.equal(['CODE_WRONG', 'CODE_WRONG', 'CODE_WRONG', 'none']);
    });

    it(`is not proved for another account, in another browser, or by an expired code (${factor})`, async () => {
      const { id } = await domain.lifecycle.create({
        contacts: [
          { kind: 'email', value: 'thief@example.com', verified: true },
          { kind: 'mobile', value: '+66812345679', verified: true },
        ],
      });
      await send(factor);
      const code = await sent(to);
      expect(await prove(factor, code, { id })).to.equal('CODE_WRONG');
      expect(await prove(factor, code, { browser: 'another' })).to.equal('CODE_WRONG');
      await moveClock(domain.database, domain.config.oneTimeCodes.lifetime + 1);
      expect(await prove(factor, code)).to.equal('CODE_WRONG');
    });

    it(`is not proved by a code of the second step, nor the second step by its code (${factor})`, async () => {
      const { secondFactors } = domain;
      await secondFactors.send(lost.id, factor, request());
      expect(await prove(factor, await sent(to))).to.equal('CODE_WRONG');
      await moveClock(domain.database, 61);
      await send(factor);
      const code = await sent(to);
      const guess = { code, browser: 'browser', origin: caller() };
      expect(await codeOf(secondFactors.turnOn(lost.id, factor, guess))).to.equal('CODE_WRONG');
      expect(await prove(factor, code)).to.equal('none');
    });
  }

  it('is not proved by a code for other purposes, and these not by ours', async () => {
    await domain.codes.request({ mobile: MOBILE, locale: 'en', asker: caller() });
    expect(await prove('sms', await sent(MOBILE))).to.equal('CODE_WRONG');
    await moveClock(domain.database, 61);
    await send('sms');
    const code = await sent(MOBILE);
    for (const purpose of ['login', 'reset'] as const)
      expect(await codeOf(domain.codes.check({ mobile: MOBILE, code, purpose, origin: caller() }))).to.equal(
        'CODE_WRONG',
      );
  });

  it('has the limit of the second step, whichever of them the guesses are at, in the audit trail', async () => {
    const origin = caller();
    const results: string[] = [];
    for (let guess = 0; guess < 11; guess += 1) {
      if (guess % 2) results.push(await codeOf(lost.verify('000000', origin)));
      else results.push(await prove('email', '000000', { origin }));
    }
    expect(results).to.deep.equal([...Array(10).fill('CODE_WRONG'), 'TOO_MANY_ATTEMPTS']);
    const rows = await domain.database
      .knex('audit')
      .where({ account_id: lost.id })
      .whereIn('event', ['code.failed', 'code.refused'])
      .orderBy('id');
    expect(rows.map(({ event }) => event)).to.include.members(['code.failed', 'code.refused']);
    for (const { details } of rows) expect(details.purpose).to.equal('remove_second_factor');
  });

  it('keeps a code for a few wrong guesses', async () => {
    await send('sms');
    const code = await sent(MOBILE);
    expect(await prove('sms', wrong(code))).to.equal('CODE_WRONG');
    expect(await prove('sms', code)).to.equal('none');
  });
});
