import { timingSafeEqual } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import {
  type MailedPurpose,
  type MailedSecret,
  newIdentifier,
  newKey,
  parseKey,
  plainIdentifier,
} from './mailed-secret.ts';
import * as store from './mailed-secret-store.ts';

export interface IssuedSecret {
  identifier: string;
  key: string;
}

export interface MailedSecrets {
  /** Generates a secret for an e-mail that may still be refused. The secret is valid once it is saved. */
  generate(purpose: MailedPurpose): IssuedSecret;
  /**
   * Saves a generated secret and invalidates an earlier one of the same purpose. Secrets that undo a change are exempt:
   * an attacker who took over an account could otherwise invalidate its owner's by changing the address again.
   */
  save(secret: Omit<MailedSecret, 'id'>, generated: IssuedSecret, lifetimeSeconds: number): Promise<void>;
  /** Generates and saves a secret. */
  issue(secret: Omit<MailedSecret, 'id'>, lifetimeSeconds: number): Promise<IssuedSecret>;
  /**
   * Returns the details of a secret without using it up. Throws `LINK_INVALID` for every reason that it is not valid.
   */
  look(identifier: string, key: string, purpose: MailedPurpose): Promise<MailedSecret>;
  /** Does the same for a key without its identifier, which must belong to the account's newest secret. */
  lookNewest(accountId: number, key: string, purpose: MailedPurpose): Promise<MailedSecret>;
  /** Uses up a secret that was checked. Throws `LINK_INVALID`, also for all but one of several concurrent uses. */
  claim(secret: Pick<MailedSecret, 'id'>): Promise<MailedSecret>;
  /** Ends the pending secrets of these purposes; with `after`, only those issued later than that secret. */
  end(accountId: number, purposes: readonly MailedPurpose[], after?: number): Promise<void>;
  /** Ends all pending secrets, except links that undo a change made since the account first proved a contact. */
  endUnproved(accountId: number): Promise<void>;
  /** Returns whether an address of the account has a pending secret of a purpose. */
  isWaiting(of: { accountId: number; purpose: MailedPurpose; email: string }): Promise<boolean>;
  /** Returns the new address of an account that is waiting for confirmation. */
  waitingEmail(accountId: number): Promise<string | undefined>;
}

/**
 * The attempts per secret: too many for a stranger to use up in its lifetime, and too few to guess one. The shortest
 * keys have 51 random bits.
 */
const TRIES = 1000;
const DIGEST = 'mailed_secrets.digest';

export function mailedSecrets({ db, keyring }: { db: Db; keyring: Keyring }): MailedSecrets {
  /** Returns digests bound to the purpose and the identifier, so that a key is useless anywhere else. */
  const digestsOf = (purpose: MailedPurpose, identifier: string, key: string): Buffer[] =>
    keyring.digests(DIGEST, `${purpose} ${identifier} ${key}`);

  async function checked(
    name: store.SecretName,
    typed: string,
    purpose: MailedPurpose,
  ): Promise<store.TriedSecret> {
    const key = parseKey(purpose, typed);
    if (key === undefined) throw new AppError('LINK_INVALID');
    const found = await store.trySecret(db, name, TRIES);
    const right =
      found?.purpose === purpose &&
      digestsOf(purpose, found.identifier, key).some((digest) => timingSafeEqual(digest, found.digest));
    if (!found || !right) throw new AppError('LINK_INVALID');
    return found;
  }

  async function claim({ id }: Pick<MailedSecret, 'id'>): Promise<MailedSecret> {
    const claimed = await store.claimSecret(db, id);
    if (!claimed) throw new AppError('LINK_INVALID');
    return claimed;
  }

  const generate = (purpose: MailedPurpose): IssuedSecret => ({
    identifier: newIdentifier(),
    key: newKey(purpose),
  });

  async function save(
    secret: Omit<MailedSecret, 'id'>,
    { identifier, key }: IssuedSecret,
    lifetime: number,
  ): Promise<void> {
    const [digest] = digestsOf(secret.purpose, identifier, key);
    await store.lockOwner(db, secret.accountId);
    if (secret.purpose !== 'undo_email') await store.endSecrets(db, secret.accountId, [secret.purpose]);
    await store.insertSecret(db, { ...secret, identifier, digest: digest as Buffer, lifetime });
  }

  return {
    generate,
    save,
    async issue(secret, lifetime) {
      const generated = generate(secret.purpose);
      await save(secret, generated, lifetime);
      return generated;
    },
    look: (identifier, key, purpose) => checked({ identifier: plainIdentifier(identifier) }, key, purpose),
    lookNewest: (accountId, key, purpose) => checked({ account_id: accountId, purpose }, key, purpose),
    claim,
    end: (accountId, purposes, after) => store.endSecrets(db, accountId, purposes, after),
    endUnproved: (accountId) => store.endUnproved(db, accountId),
    isWaiting: (of) => store.isWaiting(db, of),
    waitingEmail: (accountId) => store.waitingEmail(db, accountId),
  };
}
