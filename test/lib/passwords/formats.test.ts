import { pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import reference from 'argon2';
import { expect } from 'chai';
import { argon2 } from '../../../src/lib/passwords/argon2.ts';
import { bcrypt } from '../../../src/lib/passwords/bcrypt.ts';
import type { HashFormat } from '../../../src/lib/passwords/hash-format.ts';
import { pbkdf2 } from '../../../src/lib/passwords/pbkdf2.ts';
import { scrypt } from '../../../src/lib/passwords/scrypt.ts';

const PASSWORD = 'รหัสผ่าน-correct';
const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

async function expectVerifies(format: HashFormat, stored: string, password = PASSWORD): Promise<void> {
  expect(format.matches(stored), stored).to.equal(true);
  expect(await format.verify(password, stored), stored).to.equal(true);
  expect(await format.verify(`${password}x`, stored), stored).to.equal(false);
  expect(await format.verify('', stored), stored).to.equal(false);
}

/** Expects that the format recognises the prefix and returns false. It neither throws nor does the requested work. */
async function expectRefuses(format: HashFormat, stored: string): Promise<void> {
  expect(format.matches(stored), stored).to.equal(true);
  expect(await format.verify(PASSWORD, stored), stored).to.equal(false);
}

describe('argon2 format', () => {
  it('verifies what the reference implementation wrote: id, i and d', async () => {
    for (const type of [reference.argon2id, reference.argon2i, reference.argon2d] as const) {
      const stored = await reference.hash(PASSWORD, { type, memoryCost: 256, timeCost: 3, parallelism: 2 });
      await expectVerifies(argon2, stored);
    }
  });

  it('refuses malformed and greedy hashes', async () => {
    const salt = b64(randomBytes(16));
    const tag = b64(randomBytes(32));
    for (const rest of [
      '',
      'v=19',
      'v=19$m=256,t=1,p=1',
      `v=19$m=256,t=1,p=1$${salt}$`,
      `v=19$m=256,t=1,p=1$${salt}$${b64(randomBytes(8))}`,
      `v=19$m=256,t=1,p=1$!!!!$${tag}`,
      `v=19$m=1,t=1,p=1$${salt}$${tag}`,
      `v=19$m=256,t=0,p=1$${salt}$${tag}`,
      `v=19$m=4194304,t=1,p=1$${salt}$${tag}`,
      `v=19$m=262144,t=32,p=1$${salt}$${tag}`,
      `v=19$m=256,t=4294967295,p=1$${salt}$${tag}`,
      `v=19$m=99999999999999999999,t=1,p=1$${salt}$${tag}`,
      `v=77$m=256,t=1,p=1$${salt}$${tag}`,
    ]) {
      await expectRefuses(argon2, `$argon2id$${rest}`);
    }
  });
});

describe('bcrypt format', () => {
  it('verifies every prefix', async () => {
    const stored = await bcryptHash(PASSWORD, 4);
    for (const version of ['2a', '2b', '2y'])
      await expectVerifies(
        bcrypt,
        stored.replace(/^\$2[aby]\$/, () => `$${version}$`),
      );
  });

  it('verifies a published vector', async () => {
    const stored = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
    await expectVerifies(bcrypt, stored, 'U*U');
  });

  it('lets 72 bytes count, and no password with a NUL', async () => {
    const stored = await bcryptHash('a'.repeat(80), 4);
    expect(await bcrypt.verify(`${'a'.repeat(72)}b`, stored)).to.equal(true);
    expect(await bcrypt.verify('a'.repeat(71), stored)).to.equal(false);
    const withNul = await bcryptHash('abc\0def', 4);
    expect(await bcrypt.verify('abc\0def', withNul)).to.equal(false);
  });

  it('refuses malformed and greedy hashes', async () => {
    const stored = await bcryptHash(PASSWORD, 4);
    for (const bad of [
      '$2b$',
      stored.slice(0, -1),
      `${stored}x`,
      stored.replace('$04', '$15'),
      stored.replace('$04', '$00'),
    ]) {
      await expectRefuses(bcrypt, bad);
    }
  });
});

describe('pbkdf2 format', () => {
  const salt = randomBytes(16);

  it('verifies PHC, passlib and Django spellings', async () => {
    for (const [digest, bytes] of [
      ['sha1', 20],
      ['sha256', 32],
      ['sha512', 64],
    ] as const) {
      const tag = pbkdf2Sync(PASSWORD, salt, 1000, bytes, digest);
      await expectVerifies(pbkdf2, `$pbkdf2-${digest}$i=1000$${b64(salt)}$${b64(tag)}`);
      await expectVerifies(pbkdf2, `$pbkdf2-${digest}$i=1000,l=${bytes}$${b64(salt)}$${b64(tag)}`);
      const adapted = [salt, tag].map((part) => b64(part).replaceAll('+', '.'));
      await expectVerifies(pbkdf2, `$pbkdf2-${digest}$1000$${adapted.join('$')}`);
      const django = pbkdf2Sync(PASSWORD, 'seasalt', 1000, bytes, digest).toString('base64');
      await expectVerifies(pbkdf2, `pbkdf2_${digest}$1000$seasalt$${django}`);
    }
  });

  it('verifies the vector of RFC 6070', async () => {
    const tag = b64(Buffer.from('4b007901b765489abead49d926f721d065a429c1', 'hex'));
    await expectVerifies(pbkdf2, `$pbkdf2-sha1$i=4096$${b64(Buffer.from('salt'))}$${tag}`, 'password');
  });

  it('refuses malformed and greedy hashes', async () => {
    const tag = b64(pbkdf2Sync(PASSWORD, salt, 1, 32, 'sha256'));
    for (const rest of [
      '',
      '$',
      `i=1$${b64(salt)}`,
      `i=0$${b64(salt)}$${tag}`,
      `i=-1$${b64(salt)}$${tag}`,
      `i=9999999$${b64(salt)}$${tag}`,
      `i=99999999999$${b64(salt)}$${tag}`,
      `i=1$${b64(salt)}$${tag.slice(0, 4)}`,
      `i=1$${b64(salt)}$${b64(randomBytes(2000))}`,
      `i=1$${b64(randomBytes(200))}$${tag}`,
      `i=1$${b64(salt)}$${tag}$`,
      `i=1$ $${tag}`,
    ]) {
      await expectRefuses(pbkdf2, `$pbkdf2-sha256$${rest}`);
    }
    expect(pbkdf2.matches(`$pbkdf2-md5$i=1$${b64(salt)}$${tag}`)).to.equal(false);
  });
});

describe('scrypt format', () => {
  const salt = randomBytes(16);

  it('verifies what node:crypto derived', async () => {
    const tag = scryptSync(PASSWORD, salt, 32, { N: 2 ** 10, r: 8, p: 2 });
    await expectVerifies(scrypt, `$scrypt$ln=10,r=8,p=2$${b64(salt)}$${b64(tag)}`);
  });

  it('verifies a vector of RFC 7914', async () => {
    const tag = b64(
      Buffer.from(
        'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
        'hex',
      ),
    );
    await expectVerifies(scrypt, `$scrypt$ln=10,r=8,p=16$${b64(Buffer.from('NaCl'))}$${tag}`, 'password');
  });

  it('refuses malformed and greedy hashes', async () => {
    const tag = b64(randomBytes(32));
    for (const rest of [
      '',
      'ln=10,r=8,p=1',
      `ln=10,r=8,p=1$${b64(salt)}$${tag.slice(0, 8)}`,
      `ln=0,r=8,p=1$${b64(salt)}$${tag}`,
      `ln=10,r=0,p=1$${b64(salt)}$${tag}`,
      `ln=10,r=8,p=0$${b64(salt)}$${tag}`,
      `ln=16,r=1,p=1$${b64(salt)}$${tag}`,
      `ln=30,r=8,p=1$${b64(salt)}$${tag}`,
      `ln=99,r=999,p=999$${b64(salt)}$${tag}`,
      `ln=17,r=8,p=999$${b64(salt)}$${tag}`,
      `ln=10,r=8,p=1$${b64(randomBytes(200))}$${tag}`,
    ]) {
      await expectRefuses(scrypt, `$scrypt$${rest}`);
    }
  });
});
