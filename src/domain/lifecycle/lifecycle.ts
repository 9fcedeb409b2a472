import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Account, AccountStatus, Profile, RegisterChannel } from '../accounts/account.ts';
import { accounts, insertAccount, profileColumns, raiseGeneration } from '../accounts/accounts.ts';
import { nationalIds } from '../accounts/national-ids.ts';
import { audit } from '../audit/audit.ts';
import type { ConsentRecords, GivenOn } from '../consent-records/consent-records.ts';
import { contacts, type NewContact, parseContact } from '../contacts/contacts.ts';
import type { Credentials } from '../credentials/credentials.ts';
import type { ErasedBy, ErasureReceipt, ErasureReceipts } from '../erasure-receipts/erasure-receipts.ts';
import { mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import type { Outbox } from '../messages/outbox.ts';
import { changeable } from '../operators/authority.ts';
import { requireOtherAdmin } from '../operators/operators.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { queueRevocations } from '../upstream/revocations.ts';
import { eraseAccount } from './erasure-store.ts';

export interface NewAccount {
  profile?: Partial<Profile>;
  titleId?: number;
  contacts?: NewContact[];
  password?: string;
  /** Used in place of `password`: computed in advance by `credentials.hash`, outside the transaction. */
  passwordHash?: string;
  /** 13 digits with a valid check digit: see `parseNationalId`. */
  nationalId?: string;
  /** See `parseExternalId`. */
  externalId?: string;
  status?: 'active' | 'pending';
  registerChannel?: RegisterChannel;
  registerClientId?: string;
  /**
   * Where the person accepted the terms and the privacy policy. Absent when the person was not asked to accept them.
   */
  accepted?: Omit<GivenOn, 'clientId'>;
}

/** The lifecycle of an account, from creation to erasure. */
export interface Lifecycle {
  /**
   * Throws the password policy's error codes, `CONTACT_TAKEN`, `NATIONAL_ID_TAKEN`, `EXTERNAL_ID_TAKEN`,
   * `INVALID_MOBILE`, `INVALID_EMAIL`.
   */
  create(account: NewAccount): Promise<Account>;
  /**
   * Suspends an account and immediately revokes its sessions, tokens and keys. Throws `ACCOUNT_NOT_FOUND`,
   * `ACCOUNT_DELETED`; `LAST_ADMIN` for the last operator with that role; `OPERATOR_PROTECTED` if the caller's role is
   * lower than that of the account. All others that change an existing account throw the latter as well.
   */
  suspend(id: number): Promise<void>;
  /** Activates a suspended or pending account. Sessions, tokens and keys issued before stay revoked. */
  activate(id: number): Promise<void>;
  /**
   * Erases the person's data. The id stays as a tombstone, and the contacts become available again. The receipt states
   * what was erased, when and by whom; `by` defaults to an operator. Throws as `suspend` does.
   */
  remove(id: number, by?: ErasedBy): Promise<ErasureReceipt>;
  /** Ends every session and revokes every token and key. */
  signOutEverywhere(id: number): Promise<void>;
}

export interface LifecycleDeps {
  db: Db;
  keyring: Keyring;
  credentials: (db: Db) => Credentials;
  outbox: (db: Db) => Outbox;
  consentRecords: Pick<ConsentRecords, 'register'>;
  erasureReceipts: Pick<ErasureReceipts, 'issue'>;
}

export function lifecycle({
  db,
  keyring,
  credentials,
  outbox,
  consentRecords,
  erasureReceipts,
}: LifecycleDeps): Lifecycle {
  const columnsOf = (account: NewAccount): Record<string, unknown> => ({
    ...profileColumns({
      ...account.profile,
      ...(account.titleId === undefined ? {} : { titleId: account.titleId }),
    }),
    status: account.status ?? 'active',
    external_id: account.externalId,
    register_channel: account.registerChannel,
    register_client_id: account.registerClientId,
  });

  const spellings = (account: NewAccount, kind: NewContact['kind']): string[] =>
    (account.contacts ?? [])
      .filter((contact) => contact.kind === kind)
      .map((contact) => parseContact(kind, contact.value).value);

  async function setStatus(
    id: number,
    status: AccountStatus,
    event: 'account.suspended' | 'account.activated',
  ) {
    await transaction(db, async (tx) => {
      const { status: from } = await changeable(tx, id);
      if (status !== 'active') await requireOtherAdmin(tx, id);
      await endSessions({ db: tx, outbox: outbox(tx) }, id);
      await raiseGeneration(tx, id, { status });
      await mailedSecrets({ db: tx, keyring }).end(id, [
        'change_email',
        'reset_password',
        'activate_account',
      ]);
      await audit({ db: tx }).record({ event, accountId: id, details: { from } });
    });
  }

  return {
    async create(account) {
      const hashed =
        account.password === undefined
          ? account.passwordHash
          : await credentials(db).hash(account.password, {
              names: [account.profile?.firstName, account.profile?.lastName].filter((name) => name != null),
              emails: spellings(account, 'email'),
              mobiles: spellings(account, 'mobile'),
              ...(account.nationalId ? { nationalId: account.nationalId } : {}),
            });
      return transaction(db, async (tx) => {
        const id = await insertAccount(tx, columnsOf(account));
        for (const contact of account.contacts ?? []) await contacts({ db: tx }).add(id, contact);
        if (account.nationalId) await nationalIds({ db: tx, keyring }).set(id, account.nationalId);
        if (hashed) await credentials(tx).write(id, hashed);
        if (account.accepted)
          await consentRecords.register(tx, id, { ...account.accepted, clientId: account.registerClientId });
        await audit({ db: tx }).record({
          event: 'account.created',
          accountId: id,
          clientId: account.registerClientId,
        });
        return (await accounts({ db: tx }).find(id)) as Account;
      });
    },
    suspend: (id) => setStatus(id, 'suspended', 'account.suspended'),
    activate: (id) => setStatus(id, 'active', 'account.activated'),
    remove: (id, by = 'operator') =>
      transaction(db, async (tx) => {
        await changeable(tx, id);
        await requireOtherAdmin(tx, id);
        await endSessions({ db: tx, outbox: outbox(tx) }, id);
        await queueRevocations({ db: tx, keyring, outbox: outbox(tx) }, id);
        const erased = (await eraseAccount(tx, id)) ?? {};
        await audit({ db: tx }).record({ event: 'account.deleted', accountId: id });
        return erasureReceipts.issue(tx, { by, erased });
      }),
    async signOutEverywhere(id) {
      await transaction(db, async (tx) => {
        await changeable(tx, id);
        await endSessions({ db: tx, outbox: outbox(tx) }, id);
        await raiseGeneration(tx, id);
        await audit({ db: tx }).record({ event: 'account.signed_out_everywhere', accountId: id });
      });
    },
  };
}
