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
  /** Generates a secret for a mail that may yet be refused; it works once it is saved. */
  generate(purpose: MailedPurpose): IssuedSecret;
  /**
   * Saves a generated secret; an earlier one of the same purpose is invalid from now on. Not one that undoes: anyone
   * who took an account over could kill its owner's by changing the address once more.
   */
  save(secret: Omit<MailedSecret, 'id'>, generated: IssuedSecret, lifetimeSeconds: number): Promise<void>;
  /** Generates and saves. */
  issue(secret: Omit<MailedSecret, 'id'>, lifetimeSeconds: number): Promise<IssuedSecret>;
  /** What a secret is about, without using it up. Throws `LINK_INVALID` for every reason that it is not right. */
  look(identifier: string, key: string, purpose: MailedPurpose): Promise<MailedSecret>;
  /** The same for a key without its identifier: it must be the account's newest. */
  lookNewest(accountId: number, key: string, purpose: MailedPurpose): Promise<MailedSecret>;
  /** Uses up what was checked. Throws `LINK_INVALID`, also for all but one of several simultaneous uses. */
  claim(secret: Pick<MailedSecret, 'id'>): Promise<MailedSecret>;
  /** Looks and claims. */
  use(identifier: string, key: string, purpose: MailedPurpose): Promise<MailedSecret>;
  /** Kills what waits of these purposes; when told, only what was made later than the secret `after`. */
  end(accountId: number, purposes: readonly MailedPurpose[], after?: number): Promise<void>;
  /**
   * Kills all that waits, but for links that undo a change made since the account proved a contact for the first time.
   */
  endUnproved(accountId: number): Promise<void>;
  /** Whether a secret of a purpose waits for an address of the account. */
  isWaiting(of: { accountId: number; purpose: MailedPurpose; email: string }): Promise<boolean>;
  /** The address that waits to be confirmed as an account's new one. */
  waitingEmail(accountId: number): Promise<string | undefined>;
}

/** So many that a stranger cannot use a secret up in its life, nor guess one: the shortest have 51 bits. */
const TRIES = 1000;
const DIGEST = 'mailed_secrets.digest';

export function mailedSecrets({ db, keyring }: { db: Db; keyring: Keyring }): MailedSecrets {
  /** Bound to purpose and identifier: a key is worth nothing anywhere else. */
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
    use: async (identifier, key, purpose) =>
      claim(await checked({ identifier: plainIdentifier(identifier) }, key, purpose)),
    end: (accountId, purposes, after) => store.endSecrets(db, accountId, purposes, after),
    endUnproved: (accountId) => store.endUnproved(db, accountId),
    isWaiting: (of) => store.isWaiting(db, of),
    waitingEmail: (accountId) => store.waitingEmail(db, accountId),
  };
}
