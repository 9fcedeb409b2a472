import { expect } from 'chai';
import { inRequestContext } from '../../../src/lib/request-context.ts';
import { newMobile } from '../../apis/customers/customers-client.ts';
import { moveClock } from '../../support/clock.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { caller, emailContact, newEmail, PASSWORD } from '../recovery/recovery-steps.ts';

const REQUEST = { requestId: 'c'.repeat(32) };
const BROWSER = 'a value that only one browser has';

describe('a refusal', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  after(() => domain.leave());

  const eventsOf = async (accountId: number | undefined, event: string) =>
    (await domain.auditSearch.page({ ...(accountId ? { accountId } : {}), event }, { limit: 50 })).data;

  const reasonsOf = async (accountId: number, event: string): Promise<(string | null)[]> =>
    (await eventsOf(accountId, event)).map(({ reason }) => reason).reverse();

  const somebody = async (): Promise<{ id: number; mobile: string; email: string }> => {
    const [mobile, email] = [newMobile().replace(/^0/, '+66'), newEmail()];
    const contacts = [{ kind: 'mobile' as const, value: mobile, verified: true }, emailContact(email, true)];
    const { id } = await domain.lifecycle.create({ password: PASSWORD, contacts });
    return { id, mobile, email };
  };

  const askedCode = async (mobile: string): Promise<string> => {
    await domain.codes.request({ mobile, locale: 'en', asker: { ...caller(), browser: BROWSER } });
    const [sms] = await domain.outbox.list({ to: mobile, limit: 1 });
    return /\d{6}/.exec(sms?.text ?? '')?.[0] ?? '';
  };

  it('of a sign-in by code says what is wrong with the code, or with the account', async () => {
    const { id, mobile } = await somebody();
    const signIn = (code: string, to = mobile) =>
      codeOf(domain.smsCode.verify({ mobile: to, code, browser: 'another', origin: caller() }));
    expect(await signIn('000000')).to.equal('CODE_WRONG');
    const code = await askedCode(mobile);
    expect(await signIn(code === '111111' ? '222222' : '111111')).to.equal('CODE_WRONG');
    await moveClock(domain.database, 301);
    expect(await signIn(code)).to.equal('CODE_WRONG');
    const next = await askedCode(mobile);
    expect(await signIn(next)).to.equal('none');
    expect(await signIn(next)).to.equal('CODE_WRONG');
    await moveClock(domain.database, 61);
    const last = await askedCode(mobile);
    await domain.lifecycle.suspend(id);
    expect(await signIn(last)).to.equal('CODE_WRONG');
    expect(await reasonsOf(id, 'sign_in.failed')).to.deep.equal([
      'no_code',
      'wrong_code',
      'expired_code',
      'used_code',
      'not_active',
    ]);
    const [suspended] = await eventsOf(id, 'sign_in.failed');
    expect(suspended?.details).to.include({ method: 'code', status: 'suspended' });
    expect(suspended?.actor).to.equal('system');
  });

  it('of a code that is not sent names the limit and when it ends', async () => {
    const { id, mobile } = await somebody();
    await askedCode(mobile);
    const again = { mobile, locale: 'en' as const, asker: { ...caller(), clientId: 'client' } };
    for (let time = 0; time < 3; time += 1)
      expect(await inRequestContext(REQUEST, () => codeOf(domain.codes.request(again)))).to.equal(
        'TOO_MANY_ATTEMPTS',
      );
    const events = await eventsOf(id, 'code.refused');
    // repeated refusals are not recorded again
    expect(events).to.have.length(1);
    expect(events[0]).to.include({ reason: 'locked', clientId: 'client', actor: 'client:client' });
    expect(events[0]?.details).to.include({ limit: 'code_pause' });
    expect(new Date(String(events[0]?.details.until)).getTime()).to.be.within(
      Date.now() + 1000,
      Date.now() + 61_000,
    );
  });

  it('of a code for something else has its purpose', async () => {
    const { id, mobile } = await somebody();
    const guess = { mobile, code: '000000', purpose: 'reset' as const, origin: caller() };
    expect(await codeOf(domain.codes.check(guess))).to.equal('CODE_WRONG');
    const [event] = await eventsOf(id, 'code.failed');
    expect(event?.reason).to.equal('no_code');
    expect(event?.details).to.include({ purpose: 'reset' });
  });

  it('of the current password is recorded for the account, for wrong passwords and for the limit', async () => {
    const { id } = await somebody();
    const { perAccount } = domain.config.attempts;
    const guess = { accountId: id, password: 'wrong', origin: caller() };
    await inRequestContext({ ...REQUEST, actor: `account:${id}` }, async () => {
      for (let time = 0; time < perAccount; time += 1)
        expect(await domain.passwordAuthenticator.isCurrent(guess)).to.equal(false);
      expect(await codeOf(domain.passwordAuthenticator.isCurrent(guess))).to.equal('TOO_MANY_ATTEMPTS');
    });
    expect(await reasonsOf(id, 'reauthentication.failed')).to.deep.equal(
      Array(perAccount).fill('wrong_password'),
    );
    const [refused] = await eventsOf(id, 'reauthentication.refused');
    expect(refused).to.include({ reason: 'locked', actor: `account:${id}`, requestId: REQUEST.requestId });
    expect(refused?.details).to.include({ limit: 'account' });
  });

  it('of a recovery names the account that was meant', async () => {
    const { id, email } = await somebody();
    const origin = caller();
    const proof = { email, code: 'AAAAAAAAAA', password: 'another-horse-battery', origin };
    expect(await codeOf(domain.passwordReset.reset(proof))).to.equal('RESET_CODE_INVALID');
    const [failed] = await eventsOf(id, 'link.failed');
    expect(failed?.reason).to.equal('invalid_link');
    expect(failed?.details).to.include({ purpose: 'reset_password' });
    for (let time = 0; time < 4; time += 1)
      await domain.passwordReset.request({ email, resetUri: '/reset-password', locale: 'en', origin });
    const find = { identifier: email, address: origin.address, reveal: false };
    for (let time = 0; time < 5; time += 1) await domain.findMobile.find(find);
    expect(await codeOf(domain.findMobile.find({ ...find, address: caller().address }))).to.equal(
      'TOO_MANY_ATTEMPTS',
    );
    const limits = (await eventsOf(id, 'recovery.refused')).map(({ details }) => details.limit);
    expect(limits).to.have.members(['mails', 'find_mobile']);
  });

  it('of a registration says that an identity is taken, and not whose', async () => {
    const free = newMobile().replace(/^0/, '+66');
    const customer = {
      mobile: free,
      code: await askedCode(free),
      email: { value: 'taken@example.com', key: 'taken@example.com' },
      password: PASSWORD,
      firstName: 'Malee',
      lastName: 'Sukjai',
      birthDate: '1990-02-28',
      titleId: 3,
      registerChannel: 'WEB' as const,
      acceptedOn: 'pages' as const,
      locale: 'en' as const,
      origin: caller(),
    };
    await domain.lifecycle.create({ contacts: [emailContact('taken@example.com', true)] });
    expect(await codeOf(domain.registration.check(customer))).to.equal('CONTACT_TAKEN');
    const [event] = await eventsOf(undefined, 'registration.refused');
    expect(event).to.include({ reason: 'identity_taken', accountId: null });
    expect(event?.details).to.include({ fields: 'email' });
  });

  it('by a limit is in the overview until the limit ends, or an operator unlocks the account', async () => {
    const { id, email } = await somebody();
    const attempt = () =>
      domain.passwordAuthenticator.verify({ identifier: email, password: 'wrong', origin: caller() });
    for (let time = 0; time <= domain.config.attempts.perAccount; time += 1) await codeOf(attempt());
    const search = (clientId: string) =>
      codeOf(
        domain.accountSearch.find({ clientId, identifier: { kind: 'email', key: 'nobody@example.com' } }),
      );
    const { searchesPerMinute } = domain.config.partners;
    for (let time = 0; time <= searchesPerMinute; time += 1) await search('2171');
    const limits = async () => new Map((await domain.overview()).limits.map((one) => [one.limit, one]));
    for (let time = 0; time <= 10; time += 1) await codeOf(domain.accountExport.of(id));
    for (let time = 0; time <= 30; time += 1)
      await codeOf(domain.images.upload(id, Buffer.from('no picture')));
    const before = await limits();
    for (const limit of ['exports', 'pictures'] as const)
      expect(before.get(limit)).to.include({ clientId: null, count: 1 });
    expect(before.get('searches_minute')).to.include({ clientId: '2171', count: 1 });
    const locked = before.get('account');
    expect(locked?.count).to.be.at.least(1);
    expect(locked?.until.getTime()).to.be.above(Date.now());
    await domain.locks.unlock(id);
    const after = await limits();
    expect(after.get('account')?.count ?? 0).to.equal((locked?.count ?? 0) - 1);
    await moveClock(domain.database, 3600);
    expect(await limits()).to.not.include.any.keys('account', 'searches_minute');
  });
});
