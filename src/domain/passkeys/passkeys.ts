import { randomUUID } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { type Account, mainContact } from '../accounts/account.ts';
import { existing } from '../accounts/accounts.ts';
import { tellEveryContact } from '../accounts/every-contact.ts';
import { localeOf } from '../accounts/notices.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
import type { Outbox } from '../messages/outbox.ts';
import { endRecovery } from '../second-factors/recovery-end.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { parseAuthenticatorName } from '../values/authenticator-name.ts';
import { inLanguage, type Locale } from '../values/locale.ts';
import { nationalMobile } from '../values/mobile.ts';
import { readAnswer } from './answer.ts';
import type { Ceremony, Challenges } from './challenges.ts';
import { providerName } from './passkey-names.ts';
import {
  deletePasskey,
  insertPasskey,
  type Passkey,
  readPasskeys,
  renamePasskey,
  wasOffered,
  writeOffer,
} from './passkey-store.ts';
import type { RelyingParty } from './relying-party.ts';
import { creationOptions, type PasskeyUser, verifyCreation } from './webauthn.ts';

export type { Passkey } from './passkey-store.ts';
/** Checks whether an account has a passkey; deletes all of them, in the caller's transaction. */
export { deletePasskeys, isAnyPasskey as hasPasskey } from './passkey-store.ts';

/**
 * The details of an account that the browser signals to authenticators, so that they list no deleted passkey (Signal
 * API).
 */
export interface Signals {
  rpId: string;
  /** In base64url. */
  userId: string;
  allAcceptedCredentialIds: readonly string[];
  name: string;
  displayName: string;
}

/** Passkeys of accounts (WebAuthn Level 3): several per account, all discoverable and with user verification. */
export interface Passkeys {
  /** Returns the passkeys of an account, oldest first. */
  list(accountId: number): Promise<readonly Passkey[]>;
  /** Returns the options of a ceremony that creates a passkey, as `PublicKeyCredentialCreationOptionsJSON`. */
  begin(account: Account, browser: string): Promise<object>;
  /** Adds the passkey that the browser created, and notifies the owner. Throws `PASSKEY_REJECTED`, `PASSKEY_TAKEN`. */
  add(accountId: number, made: { credential: string; browser: string }): Promise<void>;
  /** Throws `NOT_FOUND`, `INVALID_TEXT`. */
  rename(accountId: number, id: string, name: string): Promise<void>;
  /** Removes a passkey in the caller's transaction, and notifies the owner. Throws `NOT_FOUND`. */
  removeIn(tx: Db, accountId: number, id: string): Promise<void>;
  signals(account: Account): Promise<Signals>;
  /** Returns whether to offer a passkey at the end of a sign-in: once, to accounts without one. */
  isOfferDue(accountId: number): Promise<boolean>;
  offered(accountId: number): Promise<void>;
}

interface Deps {
  db: Db;
  relyingParty: RelyingParty;
  challenges: Challenges;
  digest: LastingDigest;
  outbox: (db: Db) => Outbox;
  productName: Readonly<Record<Locale, string>>;
  /** Whether sign-ins offer a passkey. */
  isOffering: boolean;
}

/** The name of a passkey whose authenticator is not listed. */
const UNNAMED: Readonly<Record<Locale, string>> = { th: 'พาสคีย์', en: 'Passkey' };

/** Returns the user handle of an account (WebAuthn §14.6.1), which reveals nothing about it. */
export const userHandle = (digest: LastingDigest, accountId: number): Buffer =>
  digest('passkeys.user_handle', String(accountId));

const creation = (accountId: number, browser: string): Ceremony => ({
  browser,
  part: `account ${accountId}`,
});

export function passkeys(deps: Deps): Passkeys {
  const { db, relyingParty, challenges, digest, productName } = deps;

  function userOf(account: Account): PasskeyUser {
    const email = mainContact(account, 'email')?.value;
    const mobile = mainContact(account, 'mobile')?.value;
    const { firstName, lastName } = account.profile;
    const name =
      email ?? (mobile === undefined ? inLanguage(productName, localeOf(account)) : nationalMobile(mobile));
    const fullName = [firstName, lastName].filter(Boolean).join(' ');
    return { id: userHandle(digest, account.id), name, displayName: fullName || name };
  }

  async function changed(
    tx: Db,
    accountId: number,
    event: AuditEvent['event'],
    passkey: string,
  ): Promise<void> {
    await endRecovery({ db: tx, outbox: deps.outbox(tx) }, accountId, 'change');
    await audit({ db: tx }).record({ event, accountId, details: { passkey } });
    await tellEveryContact({ outbox: deps.outbox(tx) }, await existing(tx, accountId), {
      kind: 'second-factor-changed',
      values: {},
    });
  }

  return {
    list: async (accountId) =>
      (await readPasskeys(db, accountId)).map(({ id, name, backedUp, createdAt, lastUsedAt }) => ({
        ...{ id, name, backedUp, createdAt, lastUsedAt },
      })),
    async begin(account, browser) {
      const [challenge, present] = await Promise.all([
        challenges.issue(creation(account.id, browser)),
        readPasskeys(db, account.id),
      ]);
      return creationOptions(relyingParty, {
        rpName: inLanguage(productName, localeOf(account)),
        user: userOf(account),
        challenge,
        exclude: present.map(({ credentialId }) => credentialId),
      });
    },
    async add(accountId, { credential, browser }) {
      const answer = readAnswer(credential);
      if (!(await challenges.use(creation(accountId, browser), answer.challenge)))
        throw new AppError('PASSKEY_REJECTED', { reason: 'expired_code' });
      const made = await verifyCreation(relyingParty, answer);
      await transaction(db, async (tx) => {
        const account = await existing(tx, accountId);
        const name = providerName(made.aaguid) ?? inLanguage(UNNAMED, localeOf(account));
        const id = randomUUID();
        await insertPasskey(tx, { id, accountId, name, ...made });
        await changed(tx, accountId, 'passkey.added', id);
      });
    },
    async rename(accountId, id, name) {
      const text = parseAuthenticatorName(name);
      if (text === undefined) throw new AppError('INVALID_TEXT', { field: 'name' });
      await transaction(db, async (tx) => {
        if (!(await renamePasskey(tx, accountId, id, text))) throw new AppError('NOT_FOUND');
        await audit({ db: tx }).record({ event: 'passkey.renamed', accountId, details: { passkey: id } });
      });
    },
    async removeIn(tx, accountId, id) {
      if (!(await deletePasskey(tx, accountId, id))) throw new AppError('NOT_FOUND');
      await changed(tx, accountId, 'passkey.removed', id);
    },
    async signals(account) {
      const { id, name, displayName } = userOf(account);
      const present = await readPasskeys(db, account.id);
      return {
        rpId: relyingParty.id,
        userId: id.toString('base64url'),
        allAcceptedCredentialIds: present.map(({ credentialId }) => credentialId.toString('base64url')),
        ...{ name, displayName },
      };
    },
    isOfferDue: async (accountId) =>
      deps.isOffering &&
      !(await wasOffered(db, accountId)) &&
      (await readPasskeys(db, accountId)).length === 0,
    offered: (accountId) => writeOffer(db, accountId),
  };
}
