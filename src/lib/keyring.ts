import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** The data authenticated with a value: its context alone, or its row as well. */
const VERSIONS = { context: 1, row: 2 } as const;
const ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + ID_BYTES;

interface RingKey {
  id: Buffer;
  sealing: Buffer;
  secret: Buffer;
}

/** A sealed value that cannot be opened; `sentence` is for the operator. */
export class UnreadableValue extends Error {
  readonly sentence: string;

  constructor(context: string, what: string, mend: string) {
    super(`${context}: ${what}`);
    this.name = new.target.name;
    this.sentence = `${this.message}. ${mend}`;
  }
}

/** The value was sealed with a key that `SECRET_KEY` does not, or no longer, contain. */
export class UnknownKey extends UnreadableValue {
  readonly code = 'SECRET_KEY_UNKNOWN';

  constructor(context: string) {
    super(
      context,
      'encrypted with a key that SECRET_KEY lacks',
      'Append that key to SECRET_KEY, after the new one.',
    );
  }
}

/** The key is available, but the value was changed or moved. */
export class DamagedValue extends UnreadableValue {
  readonly code = 'SEALED_VALUE_DAMAGED';

  constructor(context: string) {
    super(
      context,
      'changed or moved to another row since it was encrypted',
      'Restore the row from a backup.',
    );
  }
}

/**
 * Encryption at rest with `SECRET_KEY` (several keys, newest first).
 *
 * A sealed value is `version (1) | key id (4) | iv (12) | AES-256-GCM ciphertext | tag (16)`. It is authenticated with
 * its context: `table.column`, or the purpose of a value that is not stored. A stored value is also authenticated with
 * its row. It can thus not be moved to another column or row.
 *
 * The newest key seals and every key opens, so that keys can be changed while the server runs.
 */
export interface Keyring {
  /** `row` identifies the value's row and never changes; absent for values that are not stored. */
  seal(context: string, plain: string | Uint8Array, row?: string): Buffer;
  /**
   * Throws if no key of the keyring matches, or the value was changed or moved. A value that was sealed before values
   * were bound to rows opens for any row, until it is sealed again.
   */
  open(context: string, sealed: Uint8Array, row?: string): Buffer;
  openText(context: string, sealed: Uint8Array, row?: string): string;
  /** False if a stored value should be sealed again, with the newest key and bound to its row. */
  isCurrent(sealed: Uint8Array): boolean;
  /** HMAC-SHA-256 with the newest key, for columns that are looked up but not read. */
  digest(context: string, value: string): Buffer;
  /** The digests with every key, newest first, for lookups while keys are changed. */
  digests(context: string, value: string): Buffer[];
  /** 32 bytes for one purpose, derived from every key, newest first (for example cookie keys). */
  derive(purpose: string): Buffer[];
}

const hkdf = (secret: Uint8Array, info: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'pratu', info, 32));

/** A context contains no NUL, so a context with a row never equals one without. */
const authenticated = (version: number, context: string, row = ''): Buffer =>
  Buffer.from(version === VERSIONS.row ? `${context}\0${row}` : context);

/** `secrets` are one or more keys of 32 bytes, newest first. */
export function keyring(secrets: readonly Uint8Array[]): Keyring {
  const keys: RingKey[] = secrets.map((secret) => ({
    id: createHash('sha256').update('pratu key id').update(secret).digest().subarray(0, ID_BYTES),
    sealing: hkdf(secret, 'seal'),
    secret: Buffer.from(secret),
  }));
  const newest = keys[0];
  if (!newest) throw new Error('a keyring needs at least one key');
  const digestWith = (key: RingKey, context: string, value: string): Buffer =>
    createHmac('sha256', hkdf(key.secret, `digest ${context}`))
      .update(value)
      .digest();

  return {
    seal(context, plain, row) {
      const version = row === undefined ? VERSIONS.context : VERSIONS.row;
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', newest.sealing, iv).setAAD(
        authenticated(version, context, row),
      );
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.of(version), newest.id, iv, text, cipher.getAuthTag()]);
    },
    open(context, sealed, row) {
      const bytes = Buffer.from(sealed);
      const id = bytes.subarray(1, HEADER_BYTES);
      const key = keys.find((candidate) => candidate.id.equals(id));
      const version = bytes[0];
      if ((version !== VERSIONS.context && version !== VERSIONS.row) || !key) throw new UnknownKey(context);
      const iv = bytes.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key.sealing, iv)
        .setAAD(authenticated(version, context, row))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([
          decipher.update(bytes.subarray(HEADER_BYTES + IV_BYTES, -TAG_BYTES)),
          decipher.final(),
        ]);
      } catch {
        throw new DamagedValue(context);
      }
    },
    openText(context, sealed, row) {
      return this.open(context, sealed, row).toString('utf8');
    },
    isCurrent: (sealed) => sealed[0] === VERSIONS.row && newest.id.equals(sealed.subarray(1, HEADER_BYTES)),
    digest: (context, value) => digestWith(newest, context, value),
    digests: (context, value) => keys.map((key) => digestWith(key, context, value)),
    derive: (purpose) => keys.map((key) => hkdf(key.secret, `derive ${purpose}`)),
  };
}
