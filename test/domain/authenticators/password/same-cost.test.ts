import { expect } from 'chai';
import { runQuery } from '../../../../src/db/run-query.ts';
import type { PasswordAttempt } from '../../../../src/domain/authenticators/password/password.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../../empty-domain.ts';
import { fullBulkhead, hashesIn, roomy, signingIn } from '../../rate-limits/signing-in.ts';

const PASSWORD = 'tall-green-mountain-7';
const ROUNDS = 9;
const SLOW_KIB = 32_768;
const ACCOUNTS = ['active', 'suspended', 'pending', 'without-password'] as const;

const mailOf = (name: string): string => `${name}@example.com`;

describe('a sign-in that is refused', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
    for (const name of ACCOUNTS) {
      const { id } = await domain.lifecycle.create({
        ...(name === 'without-password' ? {} : { password: PASSWORD }),
        contacts: [{ kind: 'email', value: mailOf(name), verified: true }],
      });
      if (name === 'suspended' || name === 'pending')
        await domain.database.knex('accounts').where({ id }).update({ status: name });
    }
  });

  after(() => domain.leave());

  /** Every reason for a refusal. Accounts that may not sign in have the correct password. */
  const REASONS: Record<string, Pick<PasswordAttempt, 'identifier' | 'password'>> = {
    'a name that nobody has': { identifier: mailOf('nobody'), password: PASSWORD },
    'a wrong password': { identifier: mailOf('active'), password: 'wrong' },
    'a suspended account': { identifier: mailOf('suspended'), password: PASSWORD },
    'an account that is not activated': { identifier: mailOf('pending'), password: PASSWORD },
    'an account without a password': { identifier: mailOf('without-password'), password: PASSWORD },
  };

  let networks = 0;
  const originOf = () => {
    networks += 1;
    return { address: `198.18.${networks >> 8}.${networks & 255}` };
  };

  /** A sign-in with slow hashes, and a record of every hash and every statement that it runs. */
  function watched() {
    const done: string[] = [];
    const hasher = hashesIn(roomy(), SLOW_KIB);
    const db = domain.database.knex;
    const query = runQuery(domain.database);
    const { verify } = signingIn(domain, {
      query(name, ...rest) {
        done.push(name);
        return query(name, ...rest);
      },
      hasher: {
        ...hasher,
        async verify(password, stored) {
          done.push('hash');
          return hasher.verify(password, stored);
        },
      },
    });
    const note = ({ sql }: { sql: string }): void => void done.push(sql);
    return {
      async refused(attempt: Pick<PasswordAttempt, 'identifier' | 'password'>): Promise<string[]> {
        done.length = 0;
        db.on('query', note);
        const code = await codeOf(verify({ ...attempt, origin: originOf() }));
        db.off('query', note);
        expect(code).to.equal('INVALID_CREDENTIALS');
        return [...done];
      },
    };
  }

  it('is the same statements and one hash for every reason', async () => {
    const { refused } = watched();
    const [first, ...others] = Object.entries(REASONS);
    const expected = await refused((first as [string, PasswordAttempt])[1]);
    expect(expected.filter((each) => each === 'hash')).to.have.length(1);
    expect(expected[0]).to.equal('read-sign-in');
    // the attempt is counted first, the outcome is written last
    const position = (part: string) => expected.findIndex((each) => each.includes(part));
    expect(position('pratu_take')).to.be.within(0, expected.indexOf('hash') - 1);
    expect(position('audit')).to.be.above(expected.indexOf('hash'));
    for (const [reason, attempt] of others) expect(await refused(attempt), reason).to.deep.equal(expected);
  });

  it('takes the same time for every reason', async function () {
    this.timeout(60_000);
    const { refused } = watched();
    const times = new Map(Object.keys(REASONS).map((reason) => [reason, [] as number[]]));
    await refused({ identifier: mailOf('nobody'), password: 'warm up' });
    // alternating, so that other load on the machine affects each reason equally
    for (let round = 0; round < ROUNDS; round += 1) {
      await domain.database.knex('counters').delete();
      for (const [reason, attempt] of Object.entries(REASONS)) {
        const started = performance.now();
        await refused(attempt);
        times.get(reason)?.push(performance.now() - started);
      }
    }
    const medians = [...times].map(([reason, all]): [string, number] => [
      reason,
      all.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0,
    ]);
    const [, ofWrongPassword = 0] = medians.find(([reason]) => reason === 'a wrong password') ?? [];
    for (const [reason, time] of medians)
      expect(time, reason).to.be.within(ofWrongPassword / 2, ofWrongPassword * 2);
  });

  it('is the same refusal for every name while there is no room for hashes', async () => {
    const { full, open } = fullBulkhead();
    for (const bulkhead of [full, roomy()]) {
      const { verify } = signingIn(domain, { bulkhead, hasher: hashesIn(full) });
      for (const [reason, attempt] of Object.entries(REASONS)) {
        const error = await verify({ ...attempt, origin: originOf() }).catch((caught: unknown) => caught);
        expect(error, reason).to.include({ code: 'UNAVAILABLE', retryAfter: 1 });
      }
    }
    await open();
  });
});
