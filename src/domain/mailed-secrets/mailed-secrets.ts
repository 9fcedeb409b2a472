import { timingSafeEqual } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { type MailedPurpose, type MailedSecret, newIdentifier, newKey } from './mailed-secret.ts';
import { claimSecret, endSecrets, insertSecret, trySecret } from './mailed-secret-store.ts';

export interface IssuedSecret {
  identifier: string;
  key: string;
}

export interface MailedSecrets {
  /**
   * Makes a secret for a mail; an earlier one of the same purpose is dead from now on. Not one that undoes: whoever took
   * an account over could kill its owner's by changing the address once more.
   */
  issue(secret: Omit<MailedSecret, 'id'>, lifetimeSeconds: number): Promise<IssuedSecret>;
  /** What a secret is about, without using it up. Throws `LINK_INVALID` for every reason that it is not right. */
  look(identifier: string, key: string, purpose: MailedPurpose): Promise<MailedSecret>;
  /** Uses it up. Throws `LINK_INVALID`, also for all but one of several simultaneous uses. */
  use(identifier: string, key: string, purpose: MailedPurpose): Promise<MailedSecret>;
  /** Kills what waits of these purposes; when told, only what was made later than the secret `after`. */
  end(accountId: number, purposes: readonly MailedPurpose[], after?: number): Promise<void>;
}

/** So many that a stranger who knows the identifier cannot use a secret of 82 bits up, nor guess it. */
const TRIES = 1000;
const DIGEST = 'mailed_secrets.digest';

export function mailedSecrets({ db, keyring }: { db: Db; keyring: Keyring }): MailedSecrets {
  /** Bound to purpose and identifier: a key is worth nothing anywhere else. */
  const digestsOf = (purpose: MailedPurpose, identifier: string, key: string): Buffer[] =>
    keyring.digests(DIGEST, `${purpose} ${identifier} ${key}`);

  async function look(identifier: string, key: string, purpose: MailedPurpose): Promise<MailedSecret> {
    const found = await trySecret(db, identifier, TRIES);
    const right =
      found?.purpose === purpose &&
      digestsOf(purpose, identifier, key).some((digest) => timingSafeEqual(digest, found.digest));
    if (!found || !right) throw new AppError('LINK_INVALID');
    return found;
  }

  return {
    async issue(secret, lifetime) {
      const identifier = newIdentifier();
      const key = newKey();
      const [digest] = digestsOf(secret.purpose, identifier, key);
      if (secret.purpose !== 'undo_email') await endSecrets(db, secret.accountId, [secret.purpose]);
      await insertSecret(db, { ...secret, identifier, digest: digest as Buffer, lifetime });
      return { identifier, key };
    },
    look,
    async use(identifier, key, purpose) {
      const { id } = await look(identifier, key, purpose);
      const claimed = await claimSecret(db, id);
      if (!claimed) throw new AppError('LINK_INVALID');
      return claimed;
    },
    end: (accountId, purposes, after) => endSecrets(db, accountId, purposes, after),
  };
}
