import { expect } from 'chai';
import fc from 'fast-check';
import type { Db } from '../../../src/db/database.ts';
import { callerTries } from '../../../src/domain/mailed-secrets/caller-tries.ts';
import { type MailedPurpose, parseKey } from '../../../src/domain/mailed-secrets/mailed-secret.ts';
import { waitingEmail } from '../../../src/domain/mailed-secrets/mailed-secret-store.ts';
import { mailedSecrets } from '../../../src/domain/mailed-secrets/mailed-secrets.ts';
import { databaseCounters } from '../../../src/domain/rate-limits/counters.ts';
import { keyring } from '../../../src/lib/keyring.ts';
import { moveClock } from '../../support/clock.ts';
import { spelled } from '../../support/spellings.ts';
import { useSecret } from '../../support/use-secret.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const HOUR = 3600;
const EMAIL = 'somebody@example.com';

describe('mailed secrets', () => {
  let domain: EmptyDomain;
  let db: Db;
  let accountId: number;

  before(async () => {
    domain = await emptyDomain();
    db = domain.database.knex;
  });

  beforeEach(async () => {
    accountId = (await domain.lifecycle.create({ contacts: [] })).id;
  });

  after(() => domain.leave());

  const secrets = (...keys: number[]) =>
    mailedSecrets({ db, keyring: keyring((keys.length ? keys : [1]).map((key) => Buffer.alloc(32, key))) });
  const issue = (purpose: MailedPurpose = 'verify_email', email = EMAIL) =>
    secrets().issue({ purpose, accountId, email }, HOUR);

  it('return their subject each time they are checked, and work once', async () => {
    const { identifier, key } = await issue();
    for (let time = 0; time < 3; time += 1)
      expect(await secrets().look(identifier, key, 'verify_email')).to.include({ accountId, email: EMAIL });
    const uses = await Promise.all(
      Array.from({ length: 10 }, () => codeOf(useSecret(secrets(), identifier, key, 'verify_email'))),
    );
    expect(uses.sort()).to.deep.equal([...Array(9).fill('LINK_INVALID'), 'none']);
    expect(await codeOf(secrets().look(identifier, key, 'verify_email'))).to.equal('LINK_INVALID');
  });

  it('are kept as keyed hashes only', async () => {
    const { identifier, key } = await issue();
    expect(identifier).to.match(/^[a-z2-9]{20}$/);
    expect(key).to.match(/^[A-Z0-9]{16}$/);
    const row = await db('mailed_secrets').where({ identifier }).first();
    expect(JSON.stringify({ ...row, digest: row.digest.toString('latin1') })).to.not.contain(key);
  });

  it('are refused alike for every reason', async () => {
    const { identifier, key } = await issue();
    const other = await secrets().issue({ purpose: 'undo_email', accountId, email: EMAIL }, HOUR);
    const wrong = [
      [identifier, 'A'.repeat(16), 'verify_email'],
      [identifier, '', 'verify_email'],
      [identifier, `${key}A`, 'verify_email'],
      [identifier, key, 'change_email'],
      [identifier, other.key, 'verify_email'],
      [other.identifier, key, 'undo_email'],
      ['nobody', key, 'verify_email'],
    ] as const;
    for (const [name, typed, purpose] of wrong) {
      expect(await codeOf(secrets().look(name, typed, purpose))).to.equal('LINK_INVALID');
      expect(await codeOf(useSecret(secrets(), name, typed, purpose))).to.equal('LINK_INVALID');
    }
    expect(await codeOf(useSecret(secrets(), identifier, key, 'verify_email'))).to.equal('none');
  });

  it('are the same in every spelling', async () => {
    const { identifier, key } = await issue();
    const grouped = `\u202a${key.toLowerCase().slice(0, 8)}\u00a0\u2013 ${key.slice(8)}\u202c\n`;
    expect(
      await codeOf(secrets().look(` ${identifier.toUpperCase()}\u00a0`, grouped, 'verify_email')),
    ).to.equal('none');
    fc.assert(
      fc.property(spelled(key), (typed) => {
        expect(parseKey('verify_email', typed)).to.equal(key);
      }),
    );
  });

  it('lose no try to what cannot be a key', async () => {
    const { identifier, key } = await issue();
    const triesOf = async () => (await db('mailed_secrets').where({ identifier }).first('tries')).tries;
    for (const typed of ['', 'A', `${key}A`, key.slice(1), '!'.repeat(16), 'ก'.repeat(16)])
      expect(await codeOf(secrets().look(identifier, typed, 'verify_email')), typed).to.equal('LINK_INVALID');
    expect(await triesOf()).to.equal(0);
    await codeOf(secrets().look(identifier, 'A'.repeat(16), 'verify_email'));
    expect(await triesOf()).to.equal(1);
  });

  it('spend no attempt of a caller on what cannot be a key', async () => {
    const counters = databaseCounters({ db });
    const tries = callerTries({ counters, refusals: { noteError: async () => {} } });
    const origin = { address: '203.0.113.77' };
    const guess = (key: string) =>
      codeOf(
        tries.spend({ purpose: 'reset_password', key, origin }, () =>
          secrets().look('nobody', key, 'reset_password'),
        ),
      );
    for (let time = 0; time < 12; time += 1) expect(await guess('SHORT')).to.equal('LINK_INVALID');
    for (let time = 0; time < 10; time += 1) expect(await guess('AAAAAAAAAA')).to.equal('LINK_INVALID');
    expect(await guess('AAAAAAAAAA')).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('expire', async () => {
    const { identifier, key } = await issue();
    await moveClock(domain.database, HOUR - 60);
    expect(await codeOf(secrets().look(identifier, key, 'verify_email'))).to.equal('none');
    await moveClock(domain.database, 61);
    expect(await codeOf(useSecret(secrets(), identifier, key, 'verify_email'))).to.equal('LINK_INVALID');
  });

  it('replace the older one of their purpose and account, no other', async () => {
    const stranger = (await domain.lifecycle.create({ contacts: [] })).id;
    const theirs = await secrets().issue(
      { purpose: 'verify_email', accountId: stranger, email: EMAIL },
      HOUR,
    );
    const undo = await issue('undo_email');
    const older = await issue();
    const newer = await issue();
    expect(await codeOf(useSecret(secrets(), older.identifier, older.key, 'verify_email'))).to.equal(
      'LINK_INVALID',
    );
    for (const [{ identifier, key }, purpose] of [
      [newer, 'verify_email'],
      [undo, 'undo_email'],
      [theirs, 'verify_email'],
    ] as const)
      expect(await codeOf(useSecret(secrets(), identifier, key, purpose))).to.equal('none');
  });

  it('end by purpose, and the pending change with them', async () => {
    const change = await issue('change_email', 'new@example.com');
    const verify = await issue();
    expect(await waitingEmail(db, accountId)).to.equal('new@example.com');
    await secrets().end(accountId, ['change_email']);
    expect(await waitingEmail(db, accountId)).to.equal(undefined);
    expect(await codeOf(useSecret(secrets(), change.identifier, change.key, 'change_email'))).to.equal(
      'LINK_INVALID',
    );
    expect(await codeOf(useSecret(secrets(), verify.identifier, verify.key, 'verify_email'))).to.equal(
      'none',
    );
  });

  it('outlive a change of the key', async () => {
    const { identifier, key } = await issue();
    expect(await codeOf(secrets(2).look(identifier, key, 'verify_email'))).to.equal('LINK_INVALID');
    expect(await codeOf(useSecret(secrets(2, 1), identifier, key, 'verify_email'))).to.equal('none');
  });

  it('withstand a stranger who guesses a thousand times', async () => {
    const { identifier, key } = await issue();
    await db('mailed_secrets').where({ identifier }).update({ tries: 998 });
    expect(await codeOf(secrets().look(identifier, 'A'.repeat(16), 'verify_email'))).to.equal('LINK_INVALID');
    expect(await codeOf(secrets().look(identifier, key, 'verify_email'))).to.equal('none');
    expect(await codeOf(secrets().look(identifier, key, 'verify_email'))).to.equal('LINK_INVALID');
  });
});
