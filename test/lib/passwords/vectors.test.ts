import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { bulkhead } from '../../../src/lib/bulkhead.ts';
import { passwordHasher } from '../../../src/lib/passwords/password-hasher.ts';

interface Vector {
  by: string;
  password: string;
  stored: string;
}

const { firebase, vectors } = JSON.parse(
  readFileSync(new URL('./vectors/vectors.json', import.meta.url), 'utf8'),
) as {
  firebase: { signerKey: string; saltSeparator: string; rounds: number; memoryCost: number };
  vectors: Vector[];
};
const roomy = bulkhead({ size: 4, queue: 1000, waitMs: 60_000, refusal: () => new Error('full') });
const present = { memoryKiB: 256, passes: 1, parallelism: 1, bulkhead: roomy };
const hasher = passwordHasher({ ...present, firebase });

function adopted(text: string): string {
  const answer = hasher.adopt(text);
  if ('problem' in answer) throw new Error(`${text}: ${answer.problem}`);
  return answer.hash;
}

describe('password hashes of other systems', () => {
  for (const by of new Set(vectors.map((vector) => vector.by)))
    it(`are verified, and marked for a new hash: ${by}`, async () => {
      for (const { password, stored } of vectors.filter((vector) => vector.by === by)) {
        const hash = adopted(stored);
        expect(await hasher.verify(password, hash), stored).to.deep.equal({ right: true, rehash: true });
        expect((await hasher.verify(`${password}x`, hash)).right, stored).to.equal(false);
      }
    });

  it('are of every library that the contract names', () => {
    expect([...new Set(vectors.map(({ by }) => by.split(' ')[0]))]).to.include.members([
      'bcryptjs',
      'argon2-cffi',
      'django',
      'passlib',
      'keycloak',
      'firebase-scrypt',
      'firebase',
      'crypt(3)',
    ]);
  });

  it('are refused when they cannot be read, before anybody signs in', () => {
    for (const text of [
      '',
      'plain',
      'md5$salt$5f4dcc3b5aa765d61d8327deb882cf99',
      '$1$salt$qJH7.N4xYta3aEG/dfqo/0',
      '$2b$04$short',
      '$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
      '$argon2id$v=19$m=256,t=1,p=1$c2FsdA',
      '$pbkdf2-sha256$1000$c2FsdA$c2hvcnQ',
      'pbkdf2_sha256$1000$seasalt',
      '$scrypt$ln=10,r=8,p=1$c2FsdA',
      '$5$salt$tooshort',
      '$6$rounds=999$salt$tooshort',
      '$fbscrypt$c2FsdA==$c2hvcnQ=',
      '{"secretData":"{}","credentialData":"{}"}',
      '{"secretData":"{',
      '{"secretData":"{\\"value\\":\\"AAAA\\"}","credentialData":"{\\"algorithm\\":\\"md5\\"}"}',
      `$2b$04$${'a'.repeat(5000)}`,
    ])
      expect(hasher.adopt(text), text).to.deep.equal({ problem: 'unreadable' });
  });

  it('are refused when one sign-in would cost many times more than with our own', () => {
    const tag = Buffer.alloc(64).toString('base64').replaceAll('=', '');
    for (const text of [
      '$2b$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
      `$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHQ$${tag}`,
      `$pbkdf2-sha256$i=2000001$c2FsdA$${tag.slice(0, 43)}`,
      `$pbkdf2-sha256$i=1000001$c2FsdA$${tag}`,
      'pbkdf2_sha256$999999999$seasalt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      `$scrypt$ln=24,r=8,p=1$c2FsdA$${tag}`,
      `$5$rounds=1000001$salt$${'a'.repeat(43)}`,
      `$6$rounds=999999999$salt$${'a'.repeat(86)}`,
    ])
      expect(hasher.adopt(text), text).to.deep.equal({ problem: 'too_expensive' });
  });

  it('of Firebase need the key of the project', async () => {
    const { stored = '', password = '' } = vectors.find(({ by }) => by === 'firebase documentation') ?? {};
    const { signerKey, ...rest } = firebase;
    for (const without of [passwordHasher({ ...present, firebase: rest }), passwordHasher(present)]) {
      expect(without.adopt(stored)).to.have.property('problem');
      expect((await without.verify(password, stored)).right).to.equal(false);
    }
    expect(passwordHasher({ ...present, firebase: rest }).adopt(stored)).to.deep.equal({
      problem: 'not_configured',
    });
    const other = passwordHasher({
      ...present,
      firebase: { ...firebase, signerKey: Buffer.alloc(64).toString('base64') },
    });
    expect((await other.verify(password, stored)).right).to.equal(false);
    expect(signerKey).to.be.a('string');
  });

  it('of crypt(3) with a NUL, or of more than 512 bytes, are wrong', async () => {
    const { stored = '', password = '' } = vectors.find(({ stored }) => stored.startsWith('$6$')) ?? {};
    for (const wrong of [`${password}\0`, `${password}\0x`, 'a'.repeat(513)])
      expect((await hasher.verify(wrong, stored)).right).to.equal(false);
  });
});
