import { expect } from 'chai';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { passwordAuthenticator } from '../../../src/domain/authenticators/password/password.ts';
import { databaseCounters } from '../../../src/domain/rate-limits/counters.ts';
import { signInThrottle } from '../../../src/domain/rate-limits/sign-in-throttle.ts';
import { AppError } from '../../../src/errors/app-error.ts';
import { bulkhead } from '../../../src/lib/bulkhead.ts';
import { hasPassword } from '../../support/has-password.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { caller, emailContact, mailed, newEmail, PASSWORD } from '../recovery/recovery-steps.ts';

const NEXT = 'staple-gun-orchestra';

/** A request that was allowed before its account was reset must not take effect afterwards. */
describe('a request that a reset overtakes', () => {
  let domain: EmptyDomain;
  let account: Account;
  let email: string;

  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());
  beforeEach(async () => {
    email = newEmail();
    account = await domain.lifecycle.create({ contacts: [emailContact(email, true)], password: PASSWORD });
  });

  async function reset(): Promise<void> {
    await domain.passwordReset.request({
      email,
      resetUri: '/reset-password',
      locale: 'en',
      origin: caller(),
    });
    const code = await mailed(domain, email, 'code');
    await domain.passwordReset.reset({ email, code, password: NEXT, origin: caller() });
  }
  const generation = async () => (await domain.accounts.find(account.id))?.generation ?? 0;
  const preservedSession = () => ({ generation: account.generation, grantRecord: '0'.repeat(32) });

  it('signs in with a generation that the reset has ended', async () => {
    const db = domain.database.knex;
    const counters = databaseCounters({ db });
    const slow = passwordAuthenticator({
      ...domain,
      db,
      throttle: signInThrottle({
        knownOrigins: domain.knownOrigins,
        accountCounters: counters,
        addressCounters: counters,
        limits: domain.config.attempts,
        onAlert: () => {},
      }),
      bulkhead: bulkhead({ size: 1, queue: 1, waitMs: 1000, refusal: () => new AppError('UNAVAILABLE') }),
      hasher: {
        hash: async () => '',
        adopt: () => ({ problem: 'unreadable' }),
        // the password is correct when it is compared, and is reset before the result is returned
        async verify() {
          await reset();
          return { right: true, rehash: false };
        },
      },
    });
    const signedIn = await slow.verify({ identifier: email, password: PASSWORD, origin: caller() });
    expect(signedIn.generation).to.be.below(await generation());
  });

  it('changes no password', async () => {
    await reset();
    const change = domain.passwordChange.change({
      accountId: account.id,
      next: 'another-horse',
      preservedSession: preservedSession(),
    });
    expect(await codeOf(change)).to.equal('UNAVAILABLE');
    expect(await hasPassword(domain.database, account.id, NEXT)).to.equal(true);
  });

  it('changes no mobile', async () => {
    const mobile = '+66812345601';
    await domain.codes.request({ mobile, locale: 'en', asker: { address: '192.0.2.7' } });
    const [sms] = await domain.outbox.list({ to: mobile, limit: 1 });
    const code = /\d{6}/.exec(sms?.text ?? '')?.[0] ?? '';
    await reset();
    const change = domain.mobileChange.change({
      accountId: account.id,
      mobile,
      code,
      origin: { address: '192.0.2.7' },
      preservedSession: preservedSession(),
    });
    expect(await codeOf(change)).to.equal('UNAVAILABLE');
    const after = await domain.accounts.find(account.id);
    expect(after?.contacts.map(({ kind }) => kind)).to.deep.equal(['email']);
  });

  it('leaves no change of the e-mail that waits', async () => {
    await reset();
    const { generation: stale } = account;
    const change = { account, email: newEmail(), address: '192.0.2.7', generation: stale };
    expect(await codeOf(domain.emailLinks.requestChange(change))).to.equal('UNAVAILABLE');
    expect(await domain.emailLinks.waitingEmail(account.id)).to.equal(undefined);
  });

  it('keeps no token alive that the reset has killed', async () => {
    const grant = { ...preservedSession(), generation: account.generation };
    const { knex } = domain.database;
    await knex('records').insert({
      id: grant.grantRecord,
      kind: 'Grant',
      payload: '{}',
      account_id: account.id,
      generation: account.generation,
      expires_at: knex.raw(`pratu_now() + interval '1 hour'`),
    });
    await reset();
    const fresh = { ...grant, generation: await generation() };
    await domain.passwordChange.change({
      accountId: account.id,
      next: 'another-horse',
      preservedSession: fresh,
    });
    const row = await knex('records').where({ id: grant.grantRecord }).first('generation');
    expect(row?.generation ?? 0).to.be.below(await generation());
  });
});
