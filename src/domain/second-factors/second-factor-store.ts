import { randomUUID } from 'node:crypto';
import { claim } from '../../db/claims.ts';
import type { Db } from '../../db/database.ts';
import type { SentFactor } from './sent-factor.ts';

/** An authenticator of an account, without its secret. */
export interface AuthenticatorRow {
  id: string;
  /** An authenticator app, or a code that is sent. */
  method: 'totp' | SentFactor;
  /** Given to an app by its owner; null for a code. */
  name: string | null;
  createdAt: Date;
  confirmedAt: Date | null;
  lastUsedAt: Date | null;
}

export interface SecretRow extends AuthenticatorRow {
  /** The secret of an app. */
  sealed: Buffer | null;
  /** The time step of the last code that was used. */
  lastStep: number;
  /** The time at which the row was read. */
  now: Date;
}

const COLUMNS = {
  id: 'id',
  method: 'method',
  name: 'name',
  createdAt: 'created_at',
  confirmedAt: 'confirmed_at',
  lastUsedAt: 'last_used_at',
  sealed: 'sealed',
  lastStep: 'last_step',
};

/** Returns the authenticators of an account, oldest first. */
export const readAuthenticators = async (db: Db, accountId: number): Promise<SecretRow[]> => {
  const rows = await db('authenticators')
    .where({ account_id: accountId })
    .orderBy(['created_at', 'id'])
    .select({ ...COLUMNS, now: db.raw('pratu_now()') });
  return rows.map((row) => ({ ...row, name: row.name || null, lastStep: Number(row.lastStep) }));
};

export const isAnyConfirmed = async (db: Db, accountId: number): Promise<boolean> =>
  (await db('authenticators').where({ account_id: accountId }).whereNotNull('confirmed_at').first('id')) !==
  undefined;

export async function insertAuthenticator(
  db: Db,
  row: { id: string; accountId: number; name: string; sealed: Buffer },
): Promise<void> {
  const { accountId: account_id, ...rest } = row;
  await db('authenticators').insert({ ...rest, account_id, method: 'totp' });
}

/** Enables a code that is sent; returns false when it is enabled already. */
export async function insertSentFactor(db: Db, accountId: number, factor: SentFactor): Promise<boolean> {
  const { rows } = await db.raw(
    `insert into authenticators (id, account_id, method, name, confirmed_at) values (?, ?, ?, '', pratu_now())
     on conflict (account_id, method) where method in ('sms', 'email') do nothing returning id`,
    [randomUUID(), accountId, factor],
  );
  return rows.length === 1;
}

/** Records that a code was accepted, if the account has enabled it. */
export const touchSentFactor = async (db: Db, accountId: number, factor: SentFactor): Promise<void> =>
  void (await db('authenticators')
    .where({ account_id: accountId, method: factor })
    .update({ last_used_at: db.raw('pratu_now()') }));

/** Deletes an authenticator that was never confirmed, to make room for the next. */
export const deleteUnconfirmed = async (db: Db, accountId: number): Promise<void> =>
  void (await db('authenticators').where({ account_id: accountId, confirmed_at: null }).delete());

/** Uses up a time step; returns false when it, or a later one, was used before. */
export async function claimStep(db: Db, id: string, step: number): Promise<boolean> {
  const count = await db('authenticators')
    .where({ id })
    .where('last_step', '<', step)
    .update({ last_step: step, last_used_at: db.raw('pratu_now()') });
  return count === 1;
}

/** Returns false when it is confirmed already. */
export const confirmAuthenticator = async (db: Db, id: string): Promise<boolean> =>
  (await claim(db('authenticators').where({ id }), 'confirmed_at')) !== undefined;

/** Selects a confirmed authenticator of an account; none for an id in another format. */
const authenticatorOf = (db: Db, accountId: number, id: string) =>
  db('authenticators')
    .where({ account_id: accountId })
    .whereNotNull('confirmed_at')
    .whereRaw('id::text = ?', [id]);

export const renameAuthenticator = async (
  db: Db,
  accountId: number,
  id: string,
  name: string,
): Promise<boolean> =>
  (await authenticatorOf(db, accountId, id).where({ method: 'totp' }).update({ name })) === 1;

/** Deletes an authenticator and returns its method; undefined when there was none. */
export async function deleteAuthenticator(
  db: Db,
  accountId: number,
  id: string,
): Promise<AuthenticatorRow['method'] | undefined> {
  const [row] = await authenticatorOf(db, accountId, id).delete().returning('method');
  return row?.method;
}

/** Deletes all authenticators of an account, confirmed or not. */
export const deleteAuthenticators = async (db: Db, accountId: number): Promise<void> =>
  void (await db('authenticators').where({ account_id: accountId }).delete());

/** Replaces the recovery codes of an account. */
export async function replaceRecoveryCodes(
  db: Db,
  accountId: number,
  digests: readonly Buffer[],
): Promise<void> {
  await db('recovery_codes').where({ account_id: accountId }).delete();
  if (digests.length > 0)
    await db('recovery_codes').insert(digests.map((digest) => ({ account_id: accountId, digest })));
}

/** Uses up a recovery code; returns false for one that does not exist or was used. */
export const claimRecoveryCode = async (db: Db, accountId: number, digest: Buffer): Promise<boolean> =>
  (await claim(db('recovery_codes').where({ account_id: accountId, digest }), 'used_at')) !== undefined;

export async function countRecoveryCodes(db: Db, accountId: number): Promise<number> {
  const row = await db('recovery_codes')
    .where({ account_id: accountId, used_at: null })
    .first(db.raw('count(*)::int as count'));
  return (row as unknown as { count: number }).count;
}
