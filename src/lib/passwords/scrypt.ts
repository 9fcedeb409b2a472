import { type ScryptOptions, scrypt as scryptCallback, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type HashProblem, hashFormat, isTag } from './hash-format.ts';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scryptCallback);

const MAX_MEMORY_BYTES = 256 * 1024 * 1024;
/** Memory times parallelism; OpenSSL processes the parallel parts sequentially. */
const MAX_WORK_BYTES = 1024 * 1024 * 1024;
const MAX_SALT_BYTES = 128;

/** `$scrypt$ln=17,r=8,p=1$<salt>$<tag>`, base64 without padding; passlib writes the same. */
const SHAPE = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([\w/+]+={0,2})\$([\w/+]+={0,2})$/;

interface ScryptParameters {
  cost: number;
  blockSize: number;
  parallelization: number;
}

interface ScryptHash extends ScryptParameters {
  salt: Buffer;
  tag: Buffer;
}

/** The problem of the parameters, if any. RFC 7914 §2 requires N above 1 and below 2^(128 r / 8). */
export function scryptProblem({
  cost,
  blockSize,
  parallelization,
}: ScryptParameters): HashProblem | undefined {
  const memory = 128 * cost * blockSize;
  const work = memory * parallelization;
  if (cost < 2 || work === 0 || cost >= 2 ** (16 * blockSize)) return 'unreadable';
  return memory > MAX_MEMORY_BYTES || work > MAX_WORK_BYTES ? 'too_expensive' : undefined;
}

/**
 * Derives a key with scrypt, for parameters without a `scryptProblem`. The memory limit is doubled, because OpenSSL
 * also counts its small working areas.
 */
export const deriveScrypt = (
  password: string,
  salt: Buffer,
  bytes: number,
  parameters: ScryptParameters,
): Promise<Buffer> => derive(password, salt, bytes, { ...parameters, maxmem: 2 * MAX_MEMORY_BYTES });

function parse(stored: string): ScryptHash | HashProblem {
  const [, ln, r, p, saltText, tagText] = SHAPE.exec(stored) ?? [];
  if (!saltText || !tagText) return 'unreadable';
  const parameters = { cost: 2 ** Number(ln), blockSize: Number(r), parallelization: Number(p) };
  const salt = Buffer.from(saltText, 'base64');
  const tag = Buffer.from(tagText, 'base64');
  if (salt.length > MAX_SALT_BYTES || !isTag(tag)) return 'unreadable';
  return scryptProblem(parameters) ?? { ...parameters, salt, tag };
}

/** scrypt as a PHC string; `ln` is the base-2 logarithm of the cost N (RFC 7914 §2). */
export const scrypt = hashFormat({
  matches: (stored) => stored.startsWith('$scrypt$'),
  parse,
  compare: async (password, { salt, tag, ...parameters }) =>
    timingSafeEqual(await deriveScrypt(password, salt, tag.length, parameters), tag),
});
