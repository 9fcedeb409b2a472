import { pbkdf2Sync } from 'node:crypto';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import reference from 'argon2';
import { expect } from 'chai';
import fc from 'fast-check';
import { bulkhead } from '../../../src/lib/bulkhead.ts';
import { passwordHasher } from '../../../src/lib/passwords/password-hasher.ts';

const PARAMETERS = { memoryKiB: 1024, passes: 2, parallelism: 1 };
const roomy = bulkhead({ size: 2, queue: 1000, waitMs: 20_000, refusal: () => new Error('full') });
const hasher = passwordHasher({ ...PARAMETERS, bulkhead: roomy });

const RIGHT = { right: true, rehash: false };
const RIGHT_BUT_OLD = { right: true, rehash: true };
const WRONG = { right: false, rehash: false };

/** The fastest of many rounds. Load on the machine only makes things slower, so it shows the cost of the work. */
async function fastestMs(rounds: number, task: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await task();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

describe('password hasher', () => {
  it('writes argon2id with the given parameters, a salt of 16 bytes and a tag of 32', async () => {
    const stored = await hasher.hash('a password');
    expect(stored).to.match(/^\$argon2id\$v=19\$m=1024,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await hasher.hash('a password')).to.not.equal(stored);
    expect(await hasher.verify('a password', stored)).to.deep.equal(RIGHT);
    expect(await hasher.verify('A password', stored)).to.deep.equal(WRONG);
  });

  it('agrees with the reference implementation, both ways', async () => {
    expect(await reference.verify(await hasher.hash('รหัสผ่าน'), 'รหัสผ่าน')).to.equal(true);
    const written = await reference.hash('a password', { memoryCost: 1024, timeCost: 2, parallelism: 1 });
    expect(await hasher.verify('a password', written)).to.deep.equal(RIGHT);
    expect(await hasher.verify('another', written)).to.deep.equal(WRONG);
  });

  it('asks for a new hash when a parameter differs, and only for a right password', async () => {
    for (const change of [{ memoryKiB: 2048 }, { passes: 3 }, { parallelism: 2 }]) {
      const other = await passwordHasher({ ...PARAMETERS, ...change, bulkhead: roomy }).hash('a password');
      expect(await hasher.verify('a password', other)).to.deep.equal(RIGHT_BUT_OLD);
      expect(await hasher.verify('another', other)).to.deep.equal(WRONG);
    }
  });

  it('asks for a new hash when an old format was right', async () => {
    const tag = pbkdf2Sync('a password', 'salt', 1000, 32, 'sha256').toString('base64');
    for (const stored of [await bcryptHash('a password', 4), `pbkdf2_sha256$1000$salt$${tag}`]) {
      expect(await hasher.verify('a password', stored)).to.deep.equal(RIGHT_BUT_OLD);
      expect(await hasher.verify('another', stored)).to.deep.equal(WRONG);
    }
  });

  it('takes one password typed in two ways for one', async () => {
    const stored = await hasher.hash('cafe\u0301 １２３４');
    expect(await hasher.verify('caf\u00e9 1234', stored)).to.deep.equal(RIGHT);
    expect(await hasher.verify('cafe\u0301 １２３４', stored)).to.deep.equal(RIGHT);
  });

  it('reads an imported hash of the password as typed', async () => {
    const typed = 'น้ำ-password';
    const stored = await reference.hash(typed, { memoryCost: 1024, timeCost: 2, parallelism: 1 });
    expect(await hasher.verify(typed, stored)).to.deep.equal(RIGHT_BUT_OLD);
    expect(await hasher.verify(typed, await bcryptHash(typed, 4))).to.deep.equal(RIGHT_BUT_OLD);
  });

  it('returns wrong and never throws, whatever is stored', async () => {
    const stored = await hasher.hash('a password');
    const halves = fc.integer({ min: 0, max: stored.length }).map((length) => stored.slice(0, length));
    const prefixed = fc
      .tuple(
        fc.constantFrom('$argon2id$', '$2b$', '$pbkdf2-sha256$', '$scrypt$', 'pbkdf2_sha1$'),
        fc.string(),
      )
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), halves, prefixed), async (broken) => {
        fc.pre(broken !== stored);
        expect(await hasher.verify('a password', broken)).to.deep.equal(WRONG);
      }),
      { numRuns: 60 },
    );
  });

  it('hashes and verifies any string, unpaired surrogates included', async () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 30 }), async (password) => {
        expect(await hasher.verify(password, await hasher.hash(password))).to.deep.equal(RIGHT);
      }),
      { numRuns: 30 },
    );
  });

  it('never hashes a password of more than 1,024 bytes', async () => {
    let tasks = 0;
    const counting = passwordHasher({
      ...PARAMETERS,
      bulkhead: {
        run: (task) => {
          tasks += 1;
          return task();
        },
      },
    });
    const long = 'a'.repeat(1025);
    expect(await counting.verify(long, await hasher.hash('a'.repeat(1024)))).to.deep.equal(WRONG);
    expect(await counting.verify(long, undefined)).to.deep.equal(WRONG);
    expect(await counting.hash(long).catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    expect(tasks).to.equal(0);
  });

  it('passes the refusal of a full bulkhead on, for hash and verify', async () => {
    const full = passwordHasher({
      ...PARAMETERS,
      bulkhead: { run: () => Promise.reject(new Error('full')) },
    });
    for (const attempt of [full.hash('a password'), full.verify('a password', undefined)]) {
      expect(await attempt.catch((error: Error) => error.message)).to.equal('full');
    }
  });

  it('takes about as long for an unknown account and for an old hash as for a wrong password', async () => {
    const slow = passwordHasher({ memoryKiB: 8192, passes: 2, parallelism: 1, bulkhead: roomy });
    const stored = await slow.hash('a password');
    const old = await bcryptHash('a password', 4);
    const wrong = await fastestMs(15, () => slow.verify('wrong', stored));
    for (const other of [undefined, old, 'not a hash']) {
      const time = await fastestMs(15, () => slow.verify('wrong', other));
      expect(time, String(other)).to.be.within(wrong / 3, wrong * 3);
    }
  });
});
