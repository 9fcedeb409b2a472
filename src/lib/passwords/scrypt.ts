import { type ScryptOptions, scrypt as scryptCallback, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type HashFormat, isTag } from './hash-format.ts';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scryptCallback);

const MAX_MEMORY_BYTES = 256 * 1024 * 1024;
/** Memory times parallelism, which OpenSSL works off one after the other. */
const MAX_WORK_BYTES = 1024 * 1024 * 1024;
const MAX_SALT_BYTES = 128;

/** `$scrypt$ln=17,r=8,p=1$<salt>$<tag>`, base64 without padding; passlib writes the same. */
const SHAPE = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([\w/+]+={0,2})\$([\w/+]+={0,2})$/;

/** scrypt as a PHC string; `ln` is the base-2 logarithm of the cost N (RFC 7914 §2). */
export const scrypt: HashFormat = {
  matches: (stored) => stored.startsWith('$scrypt$'),
  async verify(password, stored) {
    const [, ln, r, p, saltText, tagText] = SHAPE.exec(stored) ?? [];
    if (!saltText || !tagText) return false;
    const [cost, blockSize, parallelization] = [2 ** Number(ln), Number(r), Number(p)];
    const memory = 128 * cost * blockSize;
    const work = memory * parallelization;
    const salt = Buffer.from(saltText, 'base64');
    const tag = Buffer.from(tagText, 'base64');
    // RFC 7914 §2 wants N above 1 and below 2^(128 r / 8); a factor of 0 makes the work 0.
    if (cost < 2 || work === 0 || cost >= 2 ** (16 * blockSize)) return false;
    if (memory > MAX_MEMORY_BYTES || work > MAX_WORK_BYTES || salt.length > MAX_SALT_BYTES || !isTag(tag)) {
      return false;
    }
    // OpenSSL counts its small working areas too, hence the double.
    const options = { cost, blockSize, parallelization, maxmem: 2 * MAX_MEMORY_BYTES };
    return timingSafeEqual(await derive(password, salt, tag.length, options), tag);
  },
};
