import { createHmac, hkdfSync } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { deploymentValue } from './deployment-values.ts';

/**
 * HMAC-SHA-256 under a value that the deployment keeps indefinitely, for data that is compared later and never read.
 * Unlike the digests of the keyring, these survive a change of `SECRET_KEY`. `context` names the use.
 */
export type LastingDigest = (context: string, value: string) => Buffer;

export interface LastingDigests {
  /** Reads the value, or creates it. Must be called once, outside transactions, before the first digest. */
  load(): Promise<void>;
  digest: LastingDigest;
}

export function lastingDigests(deps: { db: Db; keyring: Keyring }): LastingDigests {
  let secret: Buffer | undefined;
  const keys = new Map<string, Buffer>();

  function keyOf(context: string): Buffer {
    if (!secret) throw new Error('the lasting digests are not loaded');
    const known = keys.get(context);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', secret, 'pratu', `digest ${context}`, 32));
    keys.set(context, key);
    return key;
  }

  return {
    async load() {
      secret = await deploymentValue(deps, 'digests');
      keys.clear();
    },
    digest: (context, value) => createHmac('sha256', keyOf(context)).update(value).digest(),
  };
}
