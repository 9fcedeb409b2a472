import { createCipheriv, timingSafeEqual } from 'node:crypto';
import { type HashFormat, hashFormat, isTag } from './hash-format.ts';
import { deriveScrypt, scryptProblem } from './scrypt.ts';

/** The password hash parameters of a Firebase project, as its console shows them. */
export interface FirebaseParameters {
  /** Base64; the secret of the project. Without it none of its hashes can be verified. */
  signerKey?: string | undefined;
  /** Base64. */
  saltSeparator: string;
  rounds: number;
  /** The base-2 logarithm of scrypt's N. */
  memoryCost: number;
}

const KEY_BYTES = 32;
const MAX_SALT_BYTES = 128;
/** Standard base64 as the Firebase command exports it, or base64url as its Admin SDK lists it. */
const SHAPE = /^\$fbscrypt\$([\w/+-]*={0,2})\$([\w/+-]+={0,2})$/;

/**
 * Firebase's own use of scrypt, written here as `$fbscrypt$<salt>$<hash>`: scrypt derives a key from the password,
 * which encrypts the project's signer key (AES-256-CTR); the result is the hash.
 */
export function firebaseScrypt({
  signerKey,
  saltSeparator,
  rounds,
  memoryCost,
}: FirebaseParameters): HashFormat {
  const parameters = { cost: 2 ** memoryCost, blockSize: rounds, parallelization: 1 };
  const signer = signerKey === undefined ? undefined : Buffer.from(signerKey, 'base64');
  const separator = Buffer.from(saltSeparator, 'base64');

  return hashFormat({
    matches: (stored) => stored.startsWith('$fbscrypt$'),
    parse(stored) {
      const [, saltText, tagText] = SHAPE.exec(stored) ?? [];
      if (saltText === undefined || !tagText) return 'unreadable';
      if (!signer) return 'not_configured';
      const salt = Buffer.from(saltText, 'base64');
      const tag = Buffer.from(tagText, 'base64');
      // as long as the signer key: with another project's parameters it would be no hash at all
      if (salt.length > MAX_SALT_BYTES || !isTag(tag) || tag.length !== signer.length) return 'unreadable';
      return scryptProblem(parameters) ?? { signer, salt: Buffer.concat([salt, separator]), tag };
    },
    async compare(password, { signer: plain, salt, tag }) {
      const key = await deriveScrypt(password, salt, KEY_BYTES, parameters);
      return timingSafeEqual(createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(plain), tag);
    },
  });
}
