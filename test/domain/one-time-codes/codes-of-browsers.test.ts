import { expect } from 'chai';
import type { Domain } from '../../../src/compose/domain.ts';
import type { Database } from '../../../src/db/database.ts';
import { AppError } from '../../../src/errors/app-error.ts';
import { newMobile } from '../../apis/customers/customers-client.ts';
import { moveClock } from '../../support/clock.ts';
import { testConfig } from '../../support/config.ts';
import { testDatabase } from '../../support/database.ts';
import { readyDomain } from '../../support/domain.ts';

const BROWSER = 'a value that only one browser has';
const origin = { address: '192.0.2.7', device: 'd'.repeat(22) };

const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
};

describe('codes that browsers ask for', () => {
  let database: Database;
  let domain: Domain;
  let mobile: string;
  before(async () => {
    const config = await testConfig();
    const oneTimeCodes = { ...config.oneTimeCodes, addressPerHour: 100_000, globalPerHour: 100_000 };
    database = await testDatabase();
    domain = await readyDomain({ config: { ...config, oneTimeCodes }, database });
  });
  beforeEach(() => {
    mobile = newMobile().replace(/^0/, '+66');
  });

  async function askedCode(browser = BROWSER): Promise<string> {
    await domain.codes.request({ mobile, locale: 'en', asker: { address: origin.address, browser } });
    const [sms] = await domain.outbox.list({ to: mobile, limit: 1 });
    return /\d{6}/.exec(sms?.text ?? '')?.[0] ?? '';
  }
  const holder = async (): Promise<number> => {
    const contacts = [{ kind: 'mobile' as const, value: mobile, verified: true }];
    return (await domain.lifecycle.create({ contacts })).id;
  };
  const signIn = (code: string, browser = BROWSER) =>
    domain.smsCode.verify({ mobile, code, browser, origin });
  const events = async (id: number): Promise<string[]> =>
    (await database.knex('audit').where({ account_id: id }).orderBy('id').select('event'))
      .map(({ event }) => event)
      .filter((event) => event.startsWith('sign_in.'));

  it('are reported as on their way to that browser only, even while a limit refuses another', async () => {
    await askedCode();
    expect(await refusal(askedCode())).to.equal('TOO_MANY_ATTEMPTS');
    expect(await domain.codes.askedBy(mobile, BROWSER)).to.equal(true);
    expect(await domain.codes.askedBy(mobile, 'another')).to.equal(false);
    expect(await refusal(askedCode('another'))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await domain.codes.askedBy(mobile, 'another')).to.equal(false);
  });

  it('leave nothing of the browser in the database', async () => {
    await askedCode();
    const row = await database.knex('one_time_codes').where({ mobile }).first();
    expect(row.browser).to.have.length(32);
    expect(row.browser.toString('latin1')).to.not.include(BROWSER);
  });

  it('live a quarter of an hour longer after a correct guess, but not once they have expired', async () => {
    const code = await askedCode();
    const right = await domain.codes.check({ mobile, code, purpose: 'register', origin });
    await domain.codes.prolong(right);
    await moveClock(database, 840);
    expect(await refusal(domain.codes.check({ mobile, code, purpose: 'register', origin }))).to.equal('none');
    await moveClock(database, 61);
    expect(await refusal(domain.codes.check({ mobile, code, purpose: 'register', origin }))).to.equal(
      'CODE_WRONG',
    );
    await domain.codes.prolong(right);
    expect(await refusal(domain.codes.check({ mobile, code, purpose: 'register', origin }))).to.equal(
      'CODE_WRONG',
    );
  });

  it('sign in once; the same form of the same browser once more, for a minute', async () => {
    const id = await holder();
    const code = await askedCode();
    const answers = await Promise.all(Array.from({ length: 5 }, () => signIn(code)));
    expect(answers.map((account) => account.id)).to.deep.equal(Array(5).fill(id));
    expect(await events(id)).to.deep.equal(['sign_in.succeeded']);
    expect(await refusal(signIn(code, 'another'))).to.equal('CODE_WRONG');
    await moveClock(database, 61);
    expect(await refusal(signIn(code))).to.equal('CODE_WRONG');
    expect(await events(id)).to.deep.equal(['sign_in.succeeded', 'sign_in.failed', 'sign_in.failed']);
  });

  it('write down no more failures than a code has attempts, and one refusal', async () => {
    const id = await holder();
    // no code is pending, so no attempt is counted
    for (let guess = 0; guess < 12; guess += 1)
      expect(await refusal(signIn('123456'))).to.equal('CODE_WRONG');
    expect(await events(id)).to.deep.equal(Array(5).fill('sign_in.failed'));
    await database.knex('audit').where({ account_id: id }).delete();
    const code = await askedCode();
    for (let guess = 0; guess < 5; guess += 1)
      expect(await refusal(signIn(code === '123456' ? '123457' : '123456'))).to.equal('CODE_WRONG');
    await moveClock(database, 61);
    const next = await askedCode();
    for (let guess = 0; guess < 5; guess += 1)
      expect(await refusal(signIn(next === '123456' ? '123457' : '123456'))).to.equal('CODE_WRONG');
    for (let guess = 0; guess < 3; guess += 1)
      expect(await refusal(signIn(next))).to.equal('TOO_MANY_ATTEMPTS');
    expect(await events(id)).to.deep.equal(['sign_in.refused']);
  });

  it('sign in no account that is not active, and none for an unregistered number', async () => {
    expect(await refusal(signIn('123456'))).to.equal('CODE_WRONG');
    const id = await holder();
    const code = await askedCode();
    await domain.lifecycle.suspend(id);
    expect(await refusal(signIn(code))).to.equal('CODE_WRONG');
    expect(await domain.smsCode.afterVerification({ mobile, origin })).to.equal(undefined);
    await domain.lifecycle.activate(id);
    expect((await signIn(code)).id).to.equal(id);
    expect((await domain.smsCode.afterVerification({ mobile, origin }))?.id).to.equal(id);
  });

  it('sign in at no account for another purpose', async () => {
    const code = await askedCode();
    await holder();
    expect(await refusal(signIn(code))).to.equal('CODE_WRONG');
  });
});
