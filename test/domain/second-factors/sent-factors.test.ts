import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { readyDomain } from '../../support/domain.ts';
import { forgetCounts } from '../../support/forget-counts.ts';
import { enrolApp } from '../../support/totp.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { EMAIL, MOBILE, sentSteps, wrong } from './sent-steps.ts';

const PASSWORD = 'tall-green-mountain-7';
const METHODS = { sms: 'code', email: 'email-code' } as const;

describe('codes by SMS and e-mail as second factors', () => {
  let domain: EmptyDomain;
  let accountId: number;
  /** Counters of addresses may outlive the run in Redis. */
  let address: string;

  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  const newAccount = async (mobile: string, email: string, verified = true): Promise<number> => {
    const { id } = await domain.lifecycle.create({
      password: PASSWORD,
      contacts: [
        { kind: 'mobile', value: mobile, verified },
        { kind: 'email', value: email, verified },
      ],
    });
    return id;
  };

  beforeEach(async () => {
    await domain.empty();
    await forgetCounts(domain.database);
    address = `10.${randomInt(256)}.${randomInt(256)}.1`;
    accountId = await newAccount(MOBILE, EMAIL);
  });

  const steps = sentSteps(() => ({ domain, accountId, address }));
  const { send, codeSent, verify, turnOn } = steps;
  const offer = (after = 'password', isWanted = false) =>
    domain.secondFactors.offer(accountId, after, { isWanted });

  for (const factor of ['sms', 'email'] as const) {
    describe(`by ${factor}`, () => {
      it('are turned on with a code, which brings recovery codes and a notice', async () => {
        expect(await domain.secondFactors.isEnrolled(accountId)).to.equal(false);
        expect(await turnOn(factor)).to.have.length(10);
        expect(await domain.secondFactors.isEnrolled(accountId)).to.equal(true);
        const { authenticators } = await domain.secondFactors.list(accountId);
        expect(authenticators.map(({ method, name }) => [method, name])).to.deep.equal([[factor, null]]);
        const rows = await domain.database.knex('audit').where({ event: 'second_factor.added' });
        expect(rows.map(({ details }) => details.method)).to.deep.equal([METHODS[factor]]);
        expect(await domain.database.knex('outbox').where({ kind: 'second-factor-changed' })).to.not.be.empty;
      });

      it('name themselves when recovery codes are renewed, not an app that was never confirmed', async () => {
        await domain.secondFactors.begin(accountId, 'Phone');
        await turnOn(factor);
        await domain.secondFactors.renewRecoveryCodes(accountId);
        const [row] = await domain.database.knex('audit').where({ event: 'second_factor.codes_renewed' });
        expect(row.details.method).to.equal(METHODS[factor]);
      });

      it('are accepted once, in any spelling', async () => {
        await turnOn(factor);
        await send(factor);
        const code = await codeSent(factor);
        expect(await verify(factor, ` ${code.slice(0, 3)} ${code.slice(3)}`)).to.equal(METHODS[factor]);
        expect(await codeOf(verify(factor, code))).to.equal('CODE_WRONG');
        const { authenticators } = await domain.secondFactors.list(accountId);
        expect(authenticators[0]?.lastUsedAt).to.be.a('date');
      });

      it('are accepted once of twenty simultaneous attempts, in two processes', async () => {
        await turnOn(factor);
        await send(factor);
        const code = await codeSent(factor);
        const on = await readyDomain({ config: domain.config, database: domain.database });
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            codeOf(verify(factor, code, { on: index % 2 ? on : domain })),
          ),
        );
        expect(results.filter((one) => one === 'none')).to.have.length(1);
      });

      it('expire, and are replaced by the next', async () => {
        await turnOn(factor);
        await send(factor);
        const first = await codeSent(factor);
        await moveClock(domain.database, 61);
        await send(factor);
        const second = await codeSent(factor);
        if (first !== second) expect(await codeOf(verify(factor, first))).to.equal('CODE_WRONG');
        await moveClock(domain.database, 301);
        expect(await codeOf(verify(factor, second))).to.equal('CODE_WRONG');
      });

      it('are worth nothing in another browser, and for another account', async () => {
        const other = await newAccount('+66812345679', 'other@example.com');
        await turnOn(factor);
        await send(factor);
        const code = await codeSent(factor);
        expect(await codeOf(verify(factor, code, { browser: 'theirs' }))).to.equal('CODE_WRONG');
        expect(await codeOf(verify(factor, code, { id: other }))).to.equal('CODE_WRONG');
        expect(await verify(factor, code)).to.equal(METHODS[factor]);
      });

      it('have five attempts each', async () => {
        await turnOn(factor);
        await send(factor);
        const code = await codeSent(factor);
        for (let guess = 0; guess < 5; guess += 1)
          expect(await codeOf(verify(factor, wrong(code)))).to.equal('CODE_WRONG');
        expect(await codeOf(verify(factor, code))).to.equal('CODE_WRONG');
      });

      it('are sent once a minute, five times an hour at most', async () => {
        await turnOn(factor);
        expect(await send(factor)).to.have.property('reference');
        // the same form, sent twice: the code is on its way
        expect(await send(factor)).to.equal(undefined);
        expect(await codeOf(send(factor, { browser: 'theirs' }))).to.equal('TOO_MANY_ATTEMPTS');
        let sent = 2;
        for (; sent < 10; sent += 1) {
          await moveClock(domain.database, 61);
          if ((await codeOf(send(factor))) !== 'none') break;
        }
        expect(sent).to.be.at.most(5);
        expect(await codeOf(send(factor))).to.equal('TOO_MANY_ATTEMPTS');
        const refused = await domain.database.knex('audit').where({ event: 'code.refused' });
        expect(refused.map(({ account_id }) => Number(account_id))).to.include(accountId);
        await domain.locks.unlock(accountId);
        expect(await send(factor)).to.have.property('reference');
      });

      it('are in no table in plain', async () => {
        await turnOn(factor);
        await send(factor);
        const code = await codeSent(factor);
        const { rows } = await domain.database.knex.raw(
          'select one_time_codes::text as text from one_time_codes union all select audit::text from audit',
        );
        const digits = rows.flatMap(({ text }: { text: string }) => text.match(/\b\d{6}\b/g) ?? []);
        expect(digits).to.not.include(code);
      });

      it('end without the channel or a verified contact, and resume with them', async () => {
        await turnOn(factor);
        const config = { ...domain.config, messages: { ...domain.config.messages } };
        Object.assign(config.messages, { outbox: false, smsUrl: undefined, smtpUrl: undefined });
        const mute = await readyDomain({ config, database: domain.database });
        expect(await mute.secondFactors.isEnrolled(accountId)).to.equal(false);
        const contacts = domain.database.knex('contacts').where({ account_id: accountId });
        await contacts.clone().update({ verified_at: null });
        expect(await domain.secondFactors.isEnrolled(accountId)).to.equal(false);
        expect(await codeOf(send(factor))).to.equal('NOT_FOUND');
        await contacts.clone().update({ verified_at: new Date() });
        expect(await domain.secondFactors.isEnrolled(accountId)).to.equal(true);
      });

      it('do not end because the account was recovered by another contact', async () => {
        await turnOn(factor);
        const through =
          factor === 'sms'
            ? { kind: 'email' as const, key: EMAIL }
            : { kind: 'mobile' as const, key: MOBILE };
        await domain.contacts.doubtOthers(accountId, through);
        expect(await domain.secondFactors.isEnrolled(accountId)).to.equal(true);
        await send(factor);
        expect(await verify(factor, await codeSent(factor))).to.equal(METHODS[factor]);
        // but a factor that was off is not turned on
        const off = factor === 'sms' ? 'email' : 'sms';
        expect((await domain.secondFactors.possible(accountId)).map((one) => one.factor)).to.deep.equal([
          off,
        ]);
      });
    });
  }

  it('do not serve one another, and no sign-in', async () => {
    await turnOn('sms');
    await turnOn('email');
    await send('sms');
    await send('email');
    const [bySms, byMail] = [await codeSent('sms'), await codeSent('email')];
    if (bySms !== byMail) {
      expect(await codeOf(verify('email', bySms))).to.equal('CODE_WRONG');
      expect(await codeOf(verify('sms', byMail))).to.equal('CODE_WRONG');
    }
    const origin = { address };
    for (const purpose of ['login', 'reset', 'register', 'change_mobile'] as const)
      expect(await codeOf(domain.codes.check({ mobile: MOBILE, code: bySms, purpose, origin }))).to.equal(
        'CODE_WRONG',
      );
    await moveClock(domain.database, 61);
    await domain.codes.request({ mobile: MOBILE, purpose: 'login', locale: 'en', asker: { address } });
    expect(await codeOf(verify('sms', await codeSent('sms')))).to.equal('CODE_WRONG');
  });

  it('share one limit of guesses with passwords and apps', async () => {
    const app = await enrolApp(domain, accountId);
    await turnOn('email');
    await send('email');
    const code = await codeSent('email');
    const password = (text: string) =>
      codeOf(
        domain.passwordAuthenticator.verify({
          ...{ identifier: EMAIL, password: text, origin: { address }, canContinue: true },
        }),
      );
    for (let round = 0; round < 3; round += 1) {
      expect(await codeOf(verify('email', wrong(code)))).to.equal('CODE_WRONG');
      expect(await password(`wrong-${round}`)).to.equal('INVALID_CREDENTIALS');
      expect(
        await codeOf(
          domain.secondFactors.verify(accountId, app.wrong(), { origin: { address }, clientId: undefined }),
        ),
      ).to.equal('CODE_WRONG');
    }
    expect(await codeOf(verify('sms', '123456'))).to.equal('CODE_WRONG');
    expect(await codeOf(verify('email', code))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await password(PASSWORD)).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('are turned on once, of ten times at once', async () => {
    await send('sms');
    const guess = { code: await codeSent('sms'), browser: 'mine', origin: { address } };
    const results = await Promise.all(
      Array.from({ length: 10 }, () => codeOf(domain.secondFactors.turnOn(accountId, 'sms', guess))),
    );
    expect(results.filter((one) => one === 'none')).to.have.length(1);
    expect((await domain.secondFactors.list(accountId)).authenticators).to.have.length(1);
  });

  it('go only by their owner or an operator, and the recovery codes with the last', async () => {
    await turnOn('sms');
    expect(await turnOn('email')).to.deep.equal([]);
    const other = await newAccount('+66812345679', 'other@example.com');
    const { authenticators } = await domain.secondFactors.list(accountId);
    const [first, second] = authenticators.map(({ id }) => id);
    expect(await codeOf(domain.secondFactors.remove(other, first ?? ''))).to.equal('NOT_FOUND');
    expect(await codeOf(domain.secondFactors.rename(accountId, first ?? '', 'Mine'))).to.equal('NOT_FOUND');
    await domain.secondFactors.remove(accountId, first ?? '');
    expect((await domain.secondFactors.list(accountId)).recoveryCodes).to.equal(10);
    await domain.secondFactors.remove(accountId, second ?? '');
    expect(await domain.secondFactors.list(accountId)).to.deep.equal({
      authenticators: [],
      recoveryCodes: 0,
    });
  });

  it('are not turned on for contacts that nothing proves', async () => {
    accountId = await newAccount('+66812345671', 'new@example.com', false);
    expect(await domain.secondFactors.possible(accountId)).to.deep.equal([]);
    for (const factor of ['sms', 'email'] as const) expect(await codeOf(send(factor))).to.equal('NOT_FOUND');
  });

  describe('the offer', () => {
    it('tells of contacts only what their owner recognises', async () => {
      await turnOn('sms');
      await turnOn('email');
      expect((await offer()).sent).to.deep.equal([
        { factor: 'sms', to: '08x-xxx-5678' },
        { factor: 'email', to: 's•••@example.com' },
      ]);
    });

    it('never includes the first factor again', async () => {
      await turnOn('sms');
      expect(await offer('code')).to.deep.equal({
        isEnrolled: true,
        methods: [],
        sent: [],
        recoveryCodes: 0,
      });
      await turnOn('email');
      expect((await offer('code')).methods).to.deep.equal(['email-code', 'recovery-code']);
    });

    it('has contacts where two factors are requested, unless the account has turned something on', async () => {
      expect(await offer()).to.deep.include({ isEnrolled: false, methods: [] });
      expect((await offer('password', true)).methods).to.deep.equal(['code', 'email-code']);
      await enrolApp(domain, accountId);
      expect((await offer('password', true)).methods).to.deep.equal(['totp', 'recovery-code']);
    });
  });

  it('go with their account', async () => {
    await turnOn('email');
    await send('email');
    await domain.lifecycle.remove(accountId);
    expect(await domain.database.knex('authenticators')).to.deep.equal([]);
    expect(await domain.database.knex('one_time_codes')).to.deep.equal([]);
  });
});
