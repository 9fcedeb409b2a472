import { pbkdf2 as pbkdf2Callback, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type HashFormat, isTag } from './hash-format.ts';

const derive = promisify(pbkdf2Callback);

/** About a second of one core with SHA-256. */
const MAX_ITERATIONS = 2_000_000;
const MAX_SALT_BYTES = 128;

interface Pbkdf2Hash {
  digest: string;
  iterations: number;
  salt: Buffer;
  tag: Buffer;
}

/** `$pbkdf2-sha256$i=600000,l=32$<salt>$<tag>`, base64; passlib leaves out `i=` and writes `.` for `+`. */
const PHC =
  /^\$pbkdf2-(sha1|sha256|sha512)\$(?:i=)?(\d{1,7})(?:,l=\d{1,3})?\$([\w./+]+={0,2})\$([\w./+]+={0,2})$/;
/** Django: `pbkdf2_sha256$600000$<salt>$<tag>`, the salt as text, the tag in base64. */
const DJANGO = /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,7})\$([\x21-\x23\x25-\x7e]+)\$([\w/+]+={0,2})$/;

const fromBase64 = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');

const parse = (stored: string): Pbkdf2Hash | undefined => {
  const isPhc = stored.startsWith('$');
  const [, digest, iterations, salt, tag] = (isPhc ? PHC : DJANGO).exec(stored) ?? [];
  if (!digest || !salt || !tag) return undefined;
  return {
    digest,
    iterations: Number(iterations),
    salt: isPhc ? fromBase64(salt) : Buffer.from(salt),
    tag: fromBase64(tag),
  };
};

/** PBKDF2 with HMAC-SHA-1, -256 or -512 (RFC 8018 §5.2), written as PHC string, by passlib or by Django. */
export const pbkdf2: HashFormat = {
  matches: (stored) => /^(?:\$pbkdf2-|pbkdf2_)sha(?:1|256|512)\$/.test(stored),
  async verify(password, stored) {
    const parsed = parse(stored);
    if (!parsed) return false;
    const { digest, iterations, salt, tag } = parsed;
    if (iterations < 1 || iterations > MAX_ITERATIONS || salt.length > MAX_SALT_BYTES || !isTag(tag))
      return false;
    return timingSafeEqual(await derive(password, salt, iterations, tag.length, digest), tag);
  },
};
