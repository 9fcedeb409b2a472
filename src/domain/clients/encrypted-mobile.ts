import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-cbc';
const KEY_BYTES = 32;
/** The size of an AES block, and of the IV, which is one block. */
const BLOCK_BYTES = 16;
/** An IV and six blocks: enough for the longest spelling of a mobile number, in digits of three bytes each. */
const LONGEST_BYTES = 7 * BLOCK_BYTES;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Decrypted in place of a value that cannot be decrypted. */
const DECOY = Buffer.alloc(2 * BLOCK_BYTES);

/** Returns a new client key for mobile numbers: 32 random bytes in base64. */
export const newMobileKey = (): string => randomBytes(KEY_BYTES).toString('base64');

/**
 * Encrypts a mobile number as partners send it: base64 of a random IV (16 bytes) and AES-256-CBC with PKCS#7 padding
 * (RFC 5652 §6.3). The key is the client's, 32 bytes in base64.
 */
export function encryptMobile(key: string, mobile: string): string {
  const iv = randomBytes(BLOCK_BYTES);
  const cipher = createCipheriv(CIPHER, Buffer.from(key, 'base64'), iv);
  return Buffer.concat([iv, cipher.update(mobile), cipher.final()]).toString('base64');
}

/** Returns the IV and the blocks that were sent; undefined for any other text. */
function decode(sent: string): Buffer | undefined {
  if (sent.length > Math.ceil(LONGEST_BYTES / 3) * 4 || !BASE64.test(sent)) return undefined;
  const bytes = Buffer.from(sent, 'base64');
  const whole = bytes.length % BLOCK_BYTES === 0 && bytes.length >= 2 * BLOCK_BYTES;
  return whole && bytes.length <= LONGEST_BYTES ? bytes : undefined;
}

/**
 * Returns the number of padding bytes in the last block; 0 if the padding is invalid. Always checks the whole block.
 */
function paddingOf(clear: Buffer): number {
  const length = clear.at(-1) ?? 0;
  let wrong = Number(length === 0) | Number(length > BLOCK_BYTES);
  for (let back = 1; back <= BLOCK_BYTES; back += 1) {
    wrong |= Number(back <= length) & Number(clear.at(-back) !== length);
  }
  return wrong === 0 ? length : 0;
}

/**
 * Decrypts a value of `encryptMobile`; returns undefined for anything else. The library's own check of the padding
 * throws, which takes a different time. An attacker who can distinguish valid from invalid padding can decrypt the
 * values of others. Therefore every value is decrypted, a decoy in place of a malformed one, and nothing is thrown.
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
