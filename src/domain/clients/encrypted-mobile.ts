import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-cbc';
const KEY_BYTES = 32;
/** Of an AES block and so of the IV, which has one block. */
const BLOCK_BYTES = 16;
/** An IV and six blocks: the longest spelling of a mobile, in digits of three bytes each, needs no more. */
const LONGEST_BYTES = 7 * BLOCK_BYTES;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Stands for what cannot be decrypted, so that it is decrypted all the same. */
const DECOY = Buffer.alloc(2 * BLOCK_BYTES);

/** A new key of a client for mobile numbers: 32 random bytes in base64. */
export const newMobileKey = (): string => randomBytes(KEY_BYTES).toString('base64');

/**
 * A mobile number as a partner sends it: base64 of a random IV (16 bytes) and AES-256-CBC with PKCS#7 padding (RFC
 * 5652 §6.3) under the client's key, which is 32 bytes in base64.
 */
export function encryptMobile(key: string, mobile: string): string {
  const iv = randomBytes(BLOCK_BYTES);
  const cipher = createCipheriv(CIPHER, Buffer.from(key, 'base64'), iv);
  return Buffer.concat([iv, cipher.update(mobile), cipher.final()]).toString('base64');
}

/** The IV and the blocks that were sent; undefined for what is none. */
function decode(sent: string): Buffer | undefined {
  if (sent.length > Math.ceil(LONGEST_BYTES / 3) * 4 || !BASE64.test(sent)) return undefined;
  const bytes = Buffer.from(sent, 'base64');
  const whole = bytes.length % BLOCK_BYTES === 0 && bytes.length >= 2 * BLOCK_BYTES;
  return whole && bytes.length <= LONGEST_BYTES ? bytes : undefined;
}

/** How many bytes of the last block are padding; 0 when it is no right padding. Checks the whole block always. */
function paddingOf(clear: Buffer): number {
  const length = clear.at(-1) ?? 0;
  let wrong = Number(length === 0) | Number(length > BLOCK_BYTES);
  for (let back = 1; back <= BLOCK_BYTES; back += 1) {
    wrong |= Number(back <= length) & Number(clear.at(-back) !== length);
  }
  return wrong === 0 ? length : 0;
}

/**
 * The clear text of what `encryptMobile` made; undefined for anything else. The library's own check of the padding
 * throws, which takes another time: who can tell right from wrong padding reads what others have encrypted. So every
 * value is decrypted, a decoy in place of what cannot be, and nothing is thrown.
 */
export function decryptMobile(key: string, sent: string): string | undefined {
  const bytes = decode(sent);
  const encrypted = bytes ?? DECOY;
  const iv = encrypted.subarray(0, BLOCK_BYTES);
  const decipher = createDecipheriv(CIPHER, Buffer.from(key, 'base64'), iv).setAutoPadding(false);
  const clear = Buffer.concat([decipher.update(encrypted.subarray(BLOCK_BYTES)), decipher.final()]);
  const padding = paddingOf(clear);
  const text = clear.toString('utf8', 0, clear.length - padding);
  return bytes && padding > 0 ? text : undefined;
}
