import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { audit } from '../audit/audit.ts';
import {
  ages,
  insertKey,
  listKeys,
  lockKeys,
  moveKeys,
  raiseKeysVersion,
  readPublishedKeys,
  removePrevious,
} from './key-store.ts';
import { generateSigningKey, type PrivateSigningKey, SIGNING_ALGS, type SigningKey } from './signing-key.ts';

export interface SigningKeys {
  /** Creates the missing keys of a new deployment: a current and a next key of each algorithm. */
  ensure(): Promise<void>;
  list(): Promise<SigningKey[]>;
  /** Every published key with its private part, signing keys first. */
  published(): Promise<PrivateSigningKey[]>;
  /**
   * Makes the next keys current and the current keys previous, and publishes new next keys. Returns false, and changes
   * nothing, while a next key is younger than `announceSeconds`: processes that have not read it yet could not verify
   * its signatures.
   */
  rotate(announceSeconds: number): Promise<boolean>;
  /** Seconds until `rotate` may be called. */
  rotatableIn(announceSeconds: number): Promise<number>;
  /** Rotates keys that have been current for `rotateDays`, and removes those replaced `retainSeconds` ago. */
  maintain(settings: { rotateDays: number; announceSeconds: number; retainSeconds: number }): Promise<void>;
}

export function signingKeys({ db, keyring }: { db: Db; keyring: Keyring }): SigningKeys {
  async function addKeys(tx: Db, state: 'current' | 'next'): Promise<void> {
    const made = await Promise.all(
      SIGNING_ALGS.map(async (alg) => ({ alg, state, ...(await generateSigningKey(alg)) })),
    );
    for (const key of made) await insertKey(tx, keyring, key);
  }

  const rotatableIn = async (announceSeconds: number): Promise<number> => {
    const [youngest = 0] = await ages(db, 'next');
    return Math.max(0, announceSeconds - youngest);
  };

  async function rotate(announceSeconds: number): Promise<boolean> {
    return transaction(db, async (tx) => {
      await lockKeys(tx);
      const [youngest = 0] = await ages(tx, 'next');
      if (youngest < announceSeconds) return false;
      await raiseKeysVersion(tx);
      for (const alg of SIGNING_ALGS) {
        await moveKeys(tx, alg, 'current', 'previous');
        await moveKeys(tx, alg, 'next', 'current');
      }
      await addKeys(tx, 'next');
      await audit({ db: tx }).record({ event: 'keys.rotated' });
      return true;
    });
  }

  return {
    async ensure() {
      const keys = await listKeys(db);
      const has = (state: string): boolean =>
        SIGNING_ALGS.every((alg) => keys.some((key) => key.alg === alg && key.state === state));
      if (has('current') && has('next')) return;
      await transaction(db, async (tx) => {
        await raiseKeysVersion(tx);
        await addKeys(tx, 'current');
        await addKeys(tx, 'next');
      });
    },
    list: () => listKeys(db),
    published: () => readPublishedKeys(db, keyring),
    rotate,
    rotatableIn,
    async maintain({ rotateDays, announceSeconds, retainSeconds }) {
      // the oldest, because an update of the server may add an algorithm with younger keys
      const oldest = (await ages(db, 'current')).at(-1) ?? 0;
      if (oldest >= rotateDays * DAY_SECONDS) await rotate(announceSeconds);
      const removed = await removePrevious(db, retainSeconds);
      if (removed > 0) await raiseKeysVersion(db);
    },
  };
}
