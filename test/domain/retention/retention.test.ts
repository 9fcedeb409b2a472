import { expect } from 'chai';
import { audit } from '../../../src/domain/audit/audit.ts';
import { type Retention, retention } from '../../../src/domain/retention/retention.ts';
import { moveClock } from '../../support/clock.ts';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const DAY = 86_400;

describe('the retention of unused accounts', () => {
  let domain: EmptyDomain;
  let runs: Retention;

  before(async () => {
    domain = await emptyDomain();
  });
  beforeEach(async () => {
    await domain.empty();
    runs = processWith(365, 30);
  });
  after(() => domain.leave());

  /** The retention of another process. */
  const processWith = (inactiveDays: number, noticeDays: number): Retention =>
    retention({
      db: domain.database.knex,
      outbox: domain.outboxIn,
      lifecycleIn: domain.lifecycleIn,
      lastAccess: domain.lastAccess,
      settings: { inactiveDays, noticeDays },
    });
  const pass = (days: number) => moveClock(domain.database, days * DAY);
  const statusOf = async (id: number) => (await domain.accounts.find(id))?.status;
  const signIn = (id: number) =>
    audit({ db: domain.database.knex }).record({ event: 'sign_in.succeeded', accountId: id });

  let made = 0;
  async function somebody() {
    made += 1;
    const email = `unused-${made}@example.com`;
    const mobile = `08${String(10_000_000 + made).padStart(8, '0')}`;
    const { id } = await domain.lifecycle.create({
      contacts: [
        { kind: 'email', value: email, verified: true },
        { kind: 'email', value: `second-${email}`, verified: true },
        { kind: 'email', value: `third-${email}`, verified: false },
        { kind: 'mobile', value: mobile, verified: true },
      ],
    });
    return { id, email, mobile };
  }
  const kindsTo = async (to: string) => (await domain.outbox.list({ to, limit: 10 })).map(({ text }) => text);

  it('tells every verified contact, waits, and erases', async () => {
    const { id, email, mobile } = await somebody();
    expect(await runs.run()).to.deep.equal({ noticed: 0, erased: 0, kept: 0 });
    await pass(366);
    expect(await runs.run()).to.deep.equal({ noticed: 1, erased: 0, kept: 0 });
    for (const to of [email, `second-${email}`, `+66${mobile.slice(1)}`])
      expect(await kindsTo(to), to).to.have.length(1);
    expect(await kindsTo(`third-${email}`)).to.have.length(0);
    expect(await runs.run()).to.deep.equal({ noticed: 0, erased: 0, kept: 0 });
    expect(await runs.waiting()).to.equal(1);
    await pass(29);
    expect((await runs.run()).erased).to.equal(0);
    await pass(2);
    expect((await runs.run()).erased).to.equal(1);
    expect(await statusOf(id)).to.equal('deleted');
    const [receipt] = (await domain.erasureReceiptPages.page({ limit: 1 })).data;
    expect(receipt?.erasedBy).to.equal('retention');
    expect(await runs.waiting()).to.equal(0);
  });

  it('keeps an account that signs in or uses a token after the notice, and begins again', async () => {
    const [signed, used] = [await somebody(), await somebody()];
    await pass(366);
    expect((await runs.run()).noticed).to.equal(2);
    await pass(20);
    await signIn(signed.id);
    domain.lastAccess.note(used.id, undefined);
    await pass(11);
    expect(await runs.run()).to.deep.equal({ noticed: 0, erased: 0, kept: 2 });
    expect([await statusOf(signed.id), await statusOf(used.id)]).to.deep.equal(['active', 'active']);
    await pass(366);
    expect((await runs.run()).noticed).to.equal(2);
  });

  it('never concerns operators, suspended accounts, and those that were used', async () => {
    const [operator, suspended, used] = [await somebody(), await somebody(), await somebody()];
    await domain.operators.add(operator.id, 'viewer');
    await domain.lifecycle.suspend(suspended.id);
    await pass(200);
    domain.lastAccess.note(used.id, 'app');
    await domain.lastAccess.flush();
    await pass(200);
    expect((await runs.run()).noticed).to.equal(0);
    const late = await somebody();
    await pass(366);
    expect((await runs.run()).noticed).to.equal(2);
    // became an operator after the notice
    await domain.operators.add(late.id, 'viewer');
    await pass(31);
    expect(await runs.run()).to.include({ erased: 1, kept: 1 });
    expect(await statusOf(late.id)).to.equal('active');
    expect(await statusOf(operator.id)).to.equal('active');
    expect(await statusOf(suspended.id)).to.equal('suspended');
  });

  it('of two processes acts once on each account', async () => {
    const people = [await somebody(), await somebody(), await somebody()];
    await pass(366);
    const other = processWith(365, 30);
    const noticed = await Promise.all([runs.run(), other.run()]);
    expect(noticed.map((run) => run.noticed).reduce((sum, one) => sum + one)).to.equal(3);
    for (const { email } of people) expect(await kindsTo(email)).to.have.length(1);
    await pass(31);
    const ended = await Promise.all([runs.run(), other.run()]);
    expect(ended.map((run) => run.erased).reduce((sum, one) => sum + one)).to.equal(3);
    expect((await domain.erasureReceiptPages.page({ limit: 10 })).data).to.have.length(3);
  });

  it('does nothing while it is off, and discards earlier notices', async () => {
    const { id } = await somebody();
    await pass(366);
    await runs.run();
    const off = processWith(0, 30);
    expect(await off.run()).to.deep.equal({ noticed: 0, erased: 0, kept: 0 });
    expect(await off.waiting()).to.equal(0);
    await pass(400);
    expect(await runs.run()).to.deep.equal({ noticed: 1, erased: 0, kept: 0 });
    expect(await statusOf(id)).to.equal('active');
  });

  it('goes on where the last run ended, a bounded number at a time', async () => {
    await domain.database.knex.raw(
      `insert into accounts (status) select 'active' from generate_series(1, 120)`,
    );
    await pass(366);
    const noticed: number[] = [];
    for (let run = 0; run < 3; run += 1) noticed.push((await runs.run()).noticed);
    expect(noticed).to.deep.equal([100, 20, 0]);
  });
});
