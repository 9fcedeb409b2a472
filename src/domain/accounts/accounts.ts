import type { Db } from '../../db/database.ts';
import type { RunQuery } from '../../db/run-query.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { audit } from '../audit/audit.ts';
import { contacts, type NewContact, parseContact } from '../contacts/contacts.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import type { Outbox } from '../messages/outbox.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import type { Account, AccountStatus, Profile, RegisterChannel } from './account.ts';
import {
  accountReader,
  insertAccount,
  lockAccount,
  PROFILE_COLUMNS,
  raiseGeneration,
  readAccount,
  readCardHolder,
  updateAccount,
} from './account-store.ts';
import { eraseAccount } from './erasure-store.ts';
import { nationalIds } from './national-ids.ts';

export interface NewAccount {
  profile?: Partial<Profile>;
  titleId?: number;
  contacts?: NewContact[];
  password?: string;
  /** In place of `password`: made before by `credentials.hash`, outside of the transaction. */
  passwordHash?: string;
  /** 13 digits with a right check digit: see `parseNationalId`. */
  nationalId?: string;
  status?: 'active' | 'pending';
  registerChannel?: RegisterChannel;
  registerClientId?: string;
}

/** Members that are absent stay as they are. */
export type ProfileChange = Partial<Profile> & { titleId?: number };

export interface Accounts {
  /** Throws the policy's codes, `CONTACT_TAKEN`, `NATIONAL_ID_TAKEN`, `INVALID_MOBILE`, `INVALID_EMAIL`. */
  create(account: NewAccount): Promise<Account>;
  find(id: number): Promise<Account | undefined>;
  /** The id of the account that has this card. */
  cardHolder(cardId: number): Promise<number | undefined>;
  /** Throws `ACCOUNT_NOT_FOUND`. */
  changeProfile(id: number, change: ProfileChange): Promise<void>;
  /** Suspends: every session, token and key dies at once. Throws `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED`. */
  suspend(id: number): Promise<void>;
  /** Makes a suspended or pending account active; what it gave out before stays dead. */
  activate(id: number): Promise<void>;
  /** Erases the person's data; the id stays as a tombstone, contacts and national id become free. */
  remove(id: number): Promise<void>;
  /** Ends every session and kills every token and key. */
  signOutEverywhere(id: number): Promise<void>;
}

export interface AccountsDeps {
  db: Db;
  keyring: Keyring;
  credentials: (db: Db) => Credentials;
  outbox: (db: Db) => Outbox;
  /** Reads accounts where no transaction is open; through `db` unless given. */
  query?: RunQuery;
}

/**
 * The account, locked until the transaction ends: what changes it goes one by one, and nothing is added to one that is
 * being removed. Throws when there is no such account, or only its tombstone.
 */
export async function existing(db: Db, id: number, generation?: number): Promise<Account> {
  await lockAccount(db, id);
  const account = await readAccount(db, id);
  if (!account) throw new AppError('ACCOUNT_NOT_FOUND');
  if (account.status === 'deleted') throw new AppError('ACCOUNT_DELETED');
  // the caller's proof may be worth nothing by now; trying again shows
  if (generation !== undefined && account.generation !== generation)
    throw new AppError('UNAVAILABLE', { retryAfter: 1 });
  return account;
}

const profileColumns = ({ titleId, ...profile }: ProfileChange): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(profile).map(([member, value]) => [PROFILE_COLUMNS[member as keyof Profile], value]),
  ),
  ...(titleId === undefined ? {} : { title_id: titleId }),
});

export function accounts({ db, keyring, credentials, outbox, query }: AccountsDeps): Accounts {
  const find = query ? accountReader(query) : (id: number) => readAccount(db, id);
  const columnsOf = (account: NewAccount): Record<string, unknown> => ({
    ...profileColumns({
      ...account.profile,
      ...(account.titleId === undefined ? {} : { titleId: account.titleId }),
    }),
    status: account.status ?? 'active',
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
      await existing(tx, id);
      await endSessions({ db: tx, outbox: outbox(tx) }, id);
      await raiseGeneration(tx, id, { status });
      await mailedSecrets({ db: tx, keyring }).end(id, [
        'change_email',
        'reset_password',
        'activate_account',
      ]);
      await audit({ db: tx }).record({ event, accountId: id });
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
        await audit({ db: tx }).record({
          event: 'account.created',
          accountId: id,
          clientId: account.registerClientId,
        });
        return (await readAccount(tx, id)) as Account;
      });
    },
    find,
    cardHolder: (cardId) => readCardHolder(db, cardId),
    async changeProfile(id, change) {
      if (Object.keys(change).length === 0) return;
      await transaction(db, async (tx) => {
        if (!(await updateAccount(tx, id, profileColumns(change)))) throw new AppError('ACCOUNT_NOT_FOUND');
        await audit({ db: tx }).record({ event: 'account.profile_changed', accountId: id });
      });
    },
    suspend: (id) => setStatus(id, 'suspended', 'account.suspended'),
    activate: (id) => setStatus(id, 'active', 'account.activated'),
    async remove(id) {
      await transaction(db, async (tx) => {
        await existing(tx, id);
        await endSessions({ db: tx, outbox: outbox(tx) }, id);
        await eraseAccount(tx, id);
        await audit({ db: tx }).record({ event: 'account.deleted', accountId: id });
      });
    },
    async signOutEverywhere(id) {
      await transaction(db, async (tx) => {
        await existing(tx, id);
        await endSessions({ db: tx, outbox: outbox(tx) }, id);
        await raiseGeneration(tx, id);
        await audit({ db: tx }).record({ event: 'account.signed_out_everywhere', accountId: id });
      });
    },
  };
}
