import { createHash } from 'node:crypto';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import { expect } from 'chai';
import { cardNumber } from '../../../src/domain/accounts/account.ts';
import { inRequestContext } from '../../../src/lib/request-context.ts';
import { readyDomain } from '../../support/domain.ts';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';
import { imported } from './importing.ts';

const PASSWORD = 'a battery of horses';
const ORIGIN = { address: '192.0.2.1', device: undefined };
const THAI_ID = '1103702071811';

describe('an import', () => {
  let domain: EmptyDomain;
  let bcrypt: string;
  const db = () => domain.database.knex;

  before(async () => {
    domain = await emptyDomain();
    bcrypt = await bcryptHash(PASSWORD, 4);
  });
  beforeEach(() => domain.empty());
  after(() => domain.leave());

  const accountOf = async (externalId: string) => {
    const id = await domain.accounts.withExternalId(externalId);
    const account = id === undefined ? undefined : await domain.accounts.find(id);
    if (!account) throw new Error(`no account ${externalId}`);
    return account;
  };
  const statuses = async (rows: unknown[], options = {}) =>
    (await imported(domain, rows, options)).reports.map(({ status }) => status);
  const signIn = (identifier: string, password = PASSWORD) =>
    domain.passwordAuthenticator.verify({ identifier, password, origin: ORIGIN });
  const count = async (table: string) => Number((await db()(table).count())[0]?.count);

  const whole = () => ({
    external_id: 'kc-1',
    mobile: '0812345678',
    mobile_verified: true,
    email: 'nok@example.com',
    email_verified: true,
    given_name: 'นก',
    family_name: 'ใจดี',
    birthdate: '1990-02-28',
    gender: 'female',
    thai_id: THAI_ID,
    locale: 'th',
    password_hash: bcrypt,
    created_at: '2020-01-01T00:00:00Z',
    bindings: [{ provider: 'line', external_id: 'U1' }],
  });

  it('creates everything that registration creates, and the password signs in', async () => {
    const { reports, summary } = await imported(domain, [whole()]);
    const account = await accountOf('kc-1');
    expect(reports).to.deep.equal([{ line: 1, status: 'created', id: String(account.id), errors: [] }]);
    expect(summary).to.deep.equal({
      rows: 1,
      created: 1,
      updated: 0,
      unchanged: 0,
      failed: 0,
      dry_run: false,
    });
    expect(account.profile).to.include({
      firstName: 'นก',
      lastName: 'ใจดี',
      birthDate: '1990-02-28',
      locale: 'th',
    });
    expect(account.title?.nameEn).to.equal('Ms.');
    expect(account.createdAt.toISOString()).to.equal('2020-01-01T00:00:00.000Z');
    expect(
      account.contacts.map(({ value, verified, preferred }) => [value, verified, preferred]),
    ).to.deep.equal([
      ['nok@example.com', true, true],
      ['+66812345678', true, true],
    ]);
    expect(await domain.nationalIds.read(account.id)).to.equal(THAI_ID);
    expect(await domain.nationalIds.find(THAI_ID)).to.equal(account.id);
    expect(await domain.bindings.holder('line', 'U1')).to.equal(account.id);
    if (!account.card) throw new Error('no card');
    for (const identifier of ['0812345678', 'nok@example.com', cardNumber(account.card)])
      expect((await signIn(identifier)).id).to.equal(account.id);
    const created = await domain.lifecycle.create({
      contacts: [{ kind: 'email', value: 'x@example.com', verified: true }],
    });
    const row = async (id: number) =>
      db()('accounts').where({ id }).first('generation', 'status', 'proved_at');
    expect((await row(account.id)).proved_at).to.be.instanceOf(Date);
    expect((await row(created.id)).generation).to.equal((await row(account.id)).generation);
  });

  it('replaces the hash at the first sign-in, and leaves it alone when the row comes again', async () => {
    await imported(domain, [whole()]);
    await signIn('nok@example.com');
    const { hash } = await db()('credentials').first('hash');
    expect(hash).to.match(/^\$argon2id\$/);
    expect(await statuses([whole()])).to.deep.equal(['unchanged']);
    expect((await db()('credentials').first('hash')).hash).to.equal(hash);
  });

  it('updates by external_id, writes the changes, and removes nothing', async () => {
    await imported(domain, [whole()]);
    const changed = { external_id: 'kc-1', given_name: 'Nok', email: 'new@example.com', gender: 'female' };
    expect(await statuses([changed, changed])).to.deep.equal(['updated', 'unchanged']);
    const account = await accountOf('kc-1');
    expect(account.profile).to.include({ firstName: 'Nok', lastName: 'ใจดี' });
    expect(account.contacts.map(({ value, verified }) => [value, verified])).to.have.deep.members([
      ['+66812345678', true],
      ['nok@example.com', true],
      ['new@example.com', false],
    ]);
    const [event] = await domain.history.of(account.id);
    expect(event).to.deep.include({
      event: 'account.import_updated',
      details: { fields: 'given_name email' },
    });
  });

  it('takes a newer password of the other system, and ends what the account gave out', async () => {
    await imported(domain, [whole()]);
    const before = await accountOf('kc-1');
    const row = { ...whole(), password_hash: await bcryptHash('another battery', 4) };
    expect(await statuses([row])).to.deep.equal(['updated']);
    expect((await signIn('nok@example.com', 'another battery')).generation).to.be.above(before.generation);
  });

  it('keeps a password that was chosen here', async () => {
    await imported(domain, [whole()]);
    const { id } = await accountOf('kc-1');
    await domain.credentials.write(
      id,
      await domain.credentials.hash('chosen here, later', { names: [], emails: [], mobiles: [] }),
    );
    const row = { ...whole(), password_hash: await bcryptHash('another battery', 4) };
    expect(await statuses([row])).to.deep.equal(['unchanged']);
    expect((await signIn('nok@example.com', 'chosen here, later')).id).to.equal(id);
  });

  it('suspends and activates, and never activates a suspended account', async () => {
    const row = (status: string) => ({ external_id: 'a', email: 'a@example.com', status });
    expect(
      await statuses([row('pending'), row('active'), row('pending'), row('suspended'), row('active')]),
    ).to.deep.equal(['created', 'updated', 'unchanged', 'updated', 'unchanged']);
    expect((await accountOf('a')).status).to.equal('suspended');
  });

  it('recognises rows without an external_id by their contact', async () => {
    const rows = [
      { mobile: '0812345678', mobile_verified: true, email: 'nok@example.com' },
      { email: 'unproved@example.com', password_hash: bcrypt },
    ];
    expect(await statuses(rows)).to.deep.equal(['created', 'created']);
    expect(await statuses(rows)).to.deep.equal(['unchanged', 'unchanged']);
    expect(await count('accounts')).to.equal(2);
    expect(await statuses([{ ...rows[0], given_name: 'Nok' }])).to.deep.equal(['updated']);
  });

  it('takes over no account that was not imported, and no contact, national id or binding of another', async () => {
    const owner = await domain.lifecycle.create({
      contacts: [
        { kind: 'email', value: 'owner@example.com', verified: true },
        { kind: 'mobile', value: '0812345678', verified: true },
      ],
      nationalId: THAI_ID,
    });
    await domain.bindings.set(owner.id, { provider: 'line', externalId: 'U1', status: '1' });
    const listed = await domain.lifecycle.create({
      contacts: [{ kind: 'email', value: 'l@example.com', verified: false }],
    });
    const { reports } = await imported(domain, [
      { email: 'Owner@example.com', email_verified: true, password_hash: bcrypt },
      { ...whole(), email: 'owner@example.com' },
      { email: 'owner@example.com', password_hash: bcrypt },
      { email: 'l@example.com', password_hash: bcrypt },
    ]);
    expect(
      reports.map(({ errors }) => errors.map(({ pointer, code }) => `${pointer} ${code}`)),
    ).to.deep.equal([
      ['/email CONTACT_TAKEN'],
      [
        '/mobile CONTACT_TAKEN',
        '/email CONTACT_TAKEN',
        '/thai_id NATIONAL_ID_TAKEN',
        '/bindings/0/external_id BINDING_TAKEN',
      ],
      ['/email CONTACT_TAKEN'],
      [],
    ]);
    expect(reports[0]?.errors[0]?.detail).to.be.a('string');
    expect(await domain.credentials.has(owner.id)).to.equal(false);
    expect(await domain.credentials.has(listed.id)).to.equal(false);
  });

  it('lets one bad row among thousands fail alone', async () => {
    const rows: unknown[] = Array.from({ length: 2000 }, (_, index) => ({
      external_id: `n-${index}`,
      email: `n${index}@example.com`,
    }));
    rows[700] = '{"external_id": ';
    rows[1100] = { external_id: 'n-1100', email: 'broken' };
    const { reports, summary } = await imported(domain, rows);
    expect(summary).to.include({ rows: 2000, created: 1998, failed: 2 });
    expect(reports.filter(({ status }) => status === 'failed').map(({ line }) => line)).to.deep.equal([
      701, 1101,
    ]);
    expect(await count('accounts')).to.equal(1998);
    expect(await count('cards')).to.equal(1998);
  }).timeout(60_000);

  it('in a dry run tells the same and changes nothing', async () => {
    await imported(domain, [whole()]);
    const rows = [
      { ...whole(), given_name: 'Nok' },
      { external_id: 'b', email: 'b@example.com' },
      { email: 'x' },
      whole(),
    ];
    const tables = ['accounts', 'contacts', 'credentials', 'cards', 'bindings', 'audit'];
    const contents = async () => Promise.all(tables.map(async (table) => db()(table).select('*')));
    const before = await contents();
    const { reports, summary } = await imported(domain, rows, { dryRun: true });
    expect(reports.map(({ status, id }) => [status, id === null])).to.deep.equal([
      ['updated', false],
      ['created', true],
      ['failed', true],
      ['unchanged', false],
    ]);
    expect(summary.dry_run).to.equal(true);
    expect(await contents()).to.deep.equal(before);
  });

  it('run twice simultaneously makes no duplicates, even with people who register concurrently', async () => {
    const rows = Array.from({ length: 1500 }, (_, index) => ({
      ...(index % 2 ? { external_id: `c-${index}` } : {}),
      email: `c${index}@example.com`,
      email_verified: true,
      password_hash: bcrypt,
    }));
    const registering = async () => {
      for (let index = 0; index < 1500; index += 150)
        await domain.lifecycle
          .create({ contacts: [{ kind: 'email', value: `c${index}@example.com`, verified: true }] })
          .catch(() => undefined);
    };
    const [one, other] = await Promise.all([
      imported(domain, rows),
      imported(domain, [...rows].reverse()),
      registering(),
    ]);
    const { rows: doubled } = await db().raw('select key from contacts group by key having count(*) > 1');
    expect(doubled).to.deep.equal([]);
    expect(await count('accounts')).to.equal(1500);
    expect(one.summary.created + other.summary.created).to.be.within(1490, 1500);
    for (const { failed } of [one.summary, other.summary]) expect(failed).to.be.at.most(10);
  }).timeout(60_000);

  it('records who imported, and has no secret in the audit trail', async () => {
    await inRequestContext({ actor: 'command:nok', requestId: 'r-1' }, () => imported(domain, [whole()]));
    const events = await db()('audit').select('*');
    expect(events.map(({ event, actor, request_id: id }) => [event, actor, id])).to.deep.equal([
      ['account.created', 'command:nok', 'r-1'],
    ]);
    const text = JSON.stringify(events);
    for (const secret of [bcrypt, THAI_ID, 'nok@example.com', '812345678'])
      expect(text).to.not.include(secret);
  });

  it('stores hashes of every system that its first sign-in can verify, with the settings of the deployment', async () => {
    const { config, database } = domain;
    const firebase = {
      ...config.firebase,
      signerKey: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
    };
    const configured = await readyDomain({ config: { ...config, firebase }, database });
    const row = {
      email: 'f@example.com',
      password_hash:
        '$fbscrypt$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
    };
    expect((await imported(domain, [row])).reports[0]?.errors[0]?.code).to.equal(
      'PASSWORD_HASH_NOT_CONFIGURED',
    );
    expect((await imported(configured, [row])).summary.created).to.equal(1);
    await configured.passwordAuthenticator.verify({
      identifier: 'f@example.com',
      password: 'user1password',
      origin: ORIGIN,
    });
    const { imported_digest: digest } = await db()('credentials').first('imported_digest');
    expect(digest).to.deep.equal(createHash('sha256').update(row.password_hash).digest());
  });
});
