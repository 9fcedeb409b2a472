import { createCipheriv, timingSafeEqual } from 'node:crypto';
import { type HashFormat, hashFormat, isTag } from './hash-format.ts';
import { deriveScrypt, scryptProblem } from './scrypt.ts';

/** The password hash parameters of a Firebase project, as shown in its console. */
export interface FirebaseParameters {
  /** In base64; the secret of the project. Without it, none of its hashes can be verified. */
  signerKey?: string | undefined;
  /** Base64. */
  saltSeparator: string;
  rounds: number;
  /** The base-2 logarithm of scrypt's N. */
  memoryCost: number;
}

const KEY_BYTES = 32;
const MAX_SALT_BYTES = 128;
/** Standard base64, as exported by the Firebase command, or base64url, as listed by its Admin SDK. */
const SHAPE = /^\$fbscrypt\$([\w/+-]*={0,2})\$([\w/+-]+={0,2})$/;

/**
 * Firebase's variant of scrypt, stored here as `$fbscrypt$<salt>$<hash>`. scrypt derives a key from the password; the
 * hash is the project's signer key, encrypted with that key (AES-256-CTR).
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
      // the tag must be as long as the signer key; a different length means the parameters of another project
      if (salt.length > MAX_SALT_BYTES || !isTag(tag) || tag.length !== signer.length) return 'unreadable';
      return scryptProblem(parameters) ?? { signer, salt: Buffer.concat([salt, separator]), tag };
    },
    async compare(password, { signer: plain, salt, tag }) {
      const key = await deriveScrypt(password, salt, KEY_BYTES, parameters);
      return timingSafeEqual(createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(plain), tag);
    },
  });
}
