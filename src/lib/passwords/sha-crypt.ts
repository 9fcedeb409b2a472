import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { hashFormat } from './hash-format.ts';
import type { ShaCryptInput } from './sha-crypt-digest.ts';

/** The maximum number of rounds, about a second; passlib writes 656,000. */
const MAX_ROUNDS = 1_000_000;
const MIN_ROUNDS = 1000;
const DEFAULT_ROUNDS = 5000;
/**
 * The maximum length of a password, as in libxcrypt: each round hashes it, so a long one would be far more expensive.
 */
const MAX_PASSWORD_BYTES = 512;

const SHAPE =
  /^\$(?<id>[56])\$(?:rounds=(?<rounds>[1-9]\d{0,8})\$)?(?<salt>[!-#%-9;-~]{0,16})\$(?<tag>[./0-9A-Za-z]+)$/;
const ALGORITHMS = { 5: 'sha256', 6: 'sha512' } as const;
const DIGITS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The bytes in a separate allocation: a small Buffer sent to a thread would be copied together with its pool. */
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

interface ShaCryptHash extends Omit<ShaCryptInput, 'password'> {
  tag: string;
}

/**
 * The positions of the next group of three bytes, in SHA-256 and SHA-512: each takes the place of another and advances
 * by one.
 */
const ROTATIONS = {
  sha256: { third: 10, last: [31, 30], next: ([a, b, c]: number[]) => [c, a, b] },
  sha512: { third: 21, last: [63], next: ([a, b, c]: number[]) => [b, c, a] },
} as const;

/** `count` digits of six bits, the lowest first. */
function digitsOf(bits: number, count: number): string {
  let text = '';
  for (let left = bits, place = 0; place < count; place += 1, left >>= 6) text += DIGITS[left & 63];
  return text;
}

/** The digest as encoded by SHA-crypt: groups of three shuffled bytes, four digits each. */
function shaCryptTag(algorithm: ShaCryptInput['algorithm'], digest: Uint8Array): string {
  const { third, last, next } = ROTATIONS[algorithm];
  const groupOf = (places: readonly number[]): number =>
    places.reduce((bits, place) => (bits << 8) | (digest[place] ?? 0), 0);
  let places: number[] = [0, third, 2 * third];
  let text = '';
  for (let group = 0; group < third; group += 1) {
    text += digitsOf(groupOf(places), 4);
    places = next(places).map((place) => (place ?? 0) + 1);
  }
  return text + digitsOf(groupOf(last), last.length + 1);
}

/** Computes in a separate thread, which then ends: only the first sign-in of an imported account needs it. */
async function digestOf(input: ShaCryptInput): Promise<Uint8Array> {
  const worker = new Worker(new URL('./sha-crypt-worker.ts', import.meta.url), { workerData: input });
  try {
    const [digest] = await once(worker, 'message');
    return digest;
  } finally {
    await worker.terminate();
  }
}

/** `$5$` and `$6$` of crypt(3). There, a password ends at its first NUL; here, a password with a NUL is rejected. */
export const shaCrypt = hashFormat<ShaCryptHash>({
  matches: (stored) => /^\$[56]\$/.test(stored),
  parse(stored) {
    const { id, rounds: given, salt = '', tag = '' } = SHAPE.exec(stored)?.groups ?? {};
    const algorithm = ALGORITHMS[Number(id) as keyof typeof ALGORITHMS];
    const rounds = Number(given ?? DEFAULT_ROUNDS);
    if (!algorithm || rounds < MIN_ROUNDS || tag.length !== (algorithm === 'sha256' ? 43 : 86)) {
      return 'unreadable';
    }
    return rounds <= MAX_ROUNDS ? { algorithm, rounds, salt: bytesOf(salt), tag } : 'too_expensive';
  },
  async compare(text, { tag, ...parameters }) {
    const password = bytesOf(text);
    if (password.length > MAX_PASSWORD_BYTES || password.includes(0)) return false;
    const digest = await digestOf({ ...parameters, password });
    return timingSafeEqual(Buffer.from(shaCryptTag(parameters.algorithm, digest)), Buffer.from(tag));
  },
});
