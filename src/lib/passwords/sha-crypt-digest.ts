import { createHash, hash } from 'node:crypto';

export interface ShaCryptInput {
  algorithm: 'sha256' | 'sha512';
  password: Uint8Array;
  salt: Uint8Array;
  rounds: number;
}

/** `bytes` bytes of repetitions of `block`. */
const repeated = (block: Uint8Array, bytes: number): Buffer => Buffer.alloc(bytes, block);

/** Steps 1 to 12: the digest with which the rounds start. */
function startOf({ algorithm, password, salt }: ShaCryptInput): Buffer {
  const inner = createHash(algorithm).update(password).update(salt).update(password).digest();
  const outer = createHash(algorithm).update(password).update(salt).update(repeated(inner, password.length));
  for (let bits = password.length; bits > 0; bits >>= 1) outer.update(bits & 1 ? inner : password);
  return outer.digest();
}

/**
 * The digest of SHA-crypt (Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512"), before its bytes are shuffled and
 * encoded. It takes milliseconds to a second and must not block a shared thread.
 */
export function shaCryptDigest(input: ShaCryptInput): Buffer {
  const { algorithm, password, salt, rounds } = input;
  let digest = startOf(input);
  // steps 13 to 20
  const passwordDigest = hash(algorithm, repeated(password, password.length ** 2), 'buffer');
  const p = repeated(passwordDigest, password.length);
  const saltDigest = hash(algorithm, repeated(salt, salt.length * (16 + (digest[0] ?? 0))), 'buffer');
  const s = repeated(saltDigest, salt.length);
  // step 21
  for (let round = 0; round < rounds; round += 1) {
    const isOdd = round % 2 === 1;
    const parts = [isOdd ? p : digest];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(isOdd ? digest : p);
    digest = hash(algorithm, Buffer.concat(parts), 'buffer');
  }
  return digest;
}
