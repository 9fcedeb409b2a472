import { pbkdf2 as pbkdf2Callback, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type HashProblem, hashFormat, isTag } from './hash-format.ts';

const derive = promisify(pbkdf2Callback);

/** The maximum number of iterations, about a second of one core with SHA-256. */
const MAX_ITERATIONS = 2_000_000;
const MAX_SALT_BYTES = 128;
const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64 };

interface Pbkdf2Hash {
  digest: string;
  iterations: number;
  salt: Buffer;
  tag: Buffer;
}

/**
 * `$pbkdf2-sha256$i=600000,l=32$<salt>$<tag>`, base64. passlib omits `i=`, writes `.` for `+`, and names the SHA-1
 * variant `$pbkdf2$`.
 */
const PHC =
  /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,9})(?:,l=\d{1,3})?\$([\w./+]+={0,2})\$([\w./+]+={0,2})$/;
/** Django: `pbkdf2_sha256$600000$<salt>$<tag>`, the salt as text, the tag in base64. */
const DJANGO = /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,9})\$([\x21-\x23\x25-\x7e]+)\$([\w/+]+={0,2})$/;

const fromBase64 = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');

function parse(stored: string): Pbkdf2Hash | HashProblem {
  const isPhc = stored.startsWith('$');
  const [, digest = 'sha1', count, saltText, tagText] = (isPhc ? PHC : DJANGO).exec(stored) ?? [];
  if (!saltText || !tagText) return 'unreadable';
  const iterations = Number(count);
  const salt = isPhc ? fromBase64(saltText) : Buffer.from(saltText);
  const tag = fromBase64(tagText);
  if (iterations < 1 || salt.length > MAX_SALT_BYTES || !isTag(tag)) return 'unreadable';
  // the tag is computed block by block, each with all iterations
  const blocks = Math.ceil(tag.length / DIGEST_BYTES[digest as keyof typeof DIGEST_BYTES]);
  return iterations * blocks <= MAX_ITERATIONS ? { digest, iterations, salt, tag } : 'too_expensive';
}

/** PBKDF2 with HMAC-SHA-1, -256 or -512 (RFC 8018 §5.2), as a PHC string or in the formats of passlib and Django. */
export const pbkdf2 = hashFormat({
  matches: (stored) => /^(?:\$pbkdf2(?:-sha(?:1|256|512))?\$|pbkdf2_sha(?:1|256|512)\$)/.test(stored),
  parse,
  compare: async (password, { digest, iterations, salt, tag }) =>
    timingSafeEqual(await derive(password, salt, iterations, tag.length, digest), tag),
});
