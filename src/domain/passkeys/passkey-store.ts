import { reserve } from '../../db/claims.ts';
import type { Db } from '../../db/database.ts';

/** A passkey without its key. */
export interface Passkey {
  id: string;
  name: string;
  /** Synchronised or otherwise stored beyond one device. */
  backedUp: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
}

export interface StoredPasskey extends Passkey {
  accountId: number;
  credentialId: Buffer;
  publicKey: Buffer;
  signCount: number;
}

export type NewPasskey = Omit<StoredPasskey, 'createdAt' | 'lastUsedAt'> & { aaguid: string };

const COLUMNS = {
  id: 'id',
  accountId: 'account_id',
  name: 'name',
  backedUp: 'backed_up',
  createdAt: 'created_at',
  lastUsedAt: 'last_used_at',
  credentialId: 'credential_id',
  publicKey: 'public_key',
  signCount: 'sign_count',
};

/** The driver returns bigints as text. */
const stored = (row: StoredPasskey): StoredPasskey => ({
  ...row,
  accountId: Number(row.accountId),
  signCount: Number(row.signCount),
});

/** Returns the passkeys of an account, oldest first. */
export const readPasskeys = async (db: Db, accountId: number): Promise<StoredPasskey[]> =>
  (await db('passkeys').where({ account_id: accountId }).orderBy(['created_at', 'id']).select(COLUMNS)).map(
    stored,
  );

export async function findPasskey(db: Db, credentialId: Buffer): Promise<StoredPasskey | undefined> {
  const row = await db('passkeys').where({ credential_id: credentialId }).first(COLUMNS);
  return row && stored(row);
}

/** Deletes all passkeys of an account. */
export const deletePasskeys = async (db: Db, accountId: number): Promise<void> =>
  void (await db('passkeys').where({ account_id: accountId }).delete());

export const isAnyPasskey = async (db: Db, accountId: number): Promise<boolean> =>
  (await db('passkeys').where({ account_id: accountId }).first('id')) !== undefined;

/** Throws the constraint violation of a credential that is already registered. */
export async function insertPasskey(db: Db, passkey: NewPasskey): Promise<void> {
  const { accountId, credentialId, publicKey, signCount, backedUp, ...rest } = passkey;
  await reserve(
    db('passkeys').insert({
      ...rest,
      account_id: accountId,
      credential_id: credentialId,
      public_key: publicKey,
      sign_count: signCount,
      backed_up: backedUp,
    }),
  );
}

/**
 * Records a use. Returns false when the counter did not increase, as with a copy of the key (WebAuthn §6.1.1). An
 * authenticator that does not count always reports 0.
 */
export async function noteUse(
  db: Db,
  id: string,
  { signCount, backedUp }: { signCount: number; backedUp: boolean },
): Promise<boolean> {
  const count = await db('passkeys')
    .where({ id })
    .where((counted) =>
      // without the cast, PostgreSQL reads the parameter as an integer, but counters go to 2^32 - 1
      counted.where('sign_count', '<', signCount).orWhereRaw('sign_count = 0 and ?::bigint = 0', [signCount]),
    )
    .update({ sign_count: signCount, backed_up: backedUp, last_used_at: db.raw('pratu_now()') });
  return count === 1;
}

/** Selects a passkey of an account; none for an id in another format. */
const passkeyOf = (db: Db, accountId: number, id: string) =>
  db('passkeys').where({ account_id: accountId }).whereRaw('id::text = ?', [id]);

export const renamePasskey = async (db: Db, accountId: number, id: string, name: string): Promise<boolean> =>
  (await passkeyOf(db, accountId, id).update({ name })) === 1;

export const deletePasskey = async (db: Db, accountId: number, id: string): Promise<boolean> =>
  (await passkeyOf(db, accountId, id).delete()) === 1;

/** Records that a passkey was offered to an account. */
export const writeOffer = async (db: Db, accountId: number): Promise<void> =>
  void (await db('passkey_offers').insert({ account_id: accountId }).onConflict('account_id').ignore());

export const wasOffered = async (db: Db, accountId: number): Promise<boolean> =>
  (await db('passkey_offers').where({ account_id: accountId }).first('account_id')) !== undefined;
