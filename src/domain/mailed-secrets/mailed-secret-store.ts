import { claim, count } from '../../db/claims.ts';
import type { Db } from '../../db/database.ts';
import type { MailedPurpose, MailedSecret } from './mailed-secret.ts';

interface Row {
  id: number;
  purpose: MailedPurpose;
  account_id: number;
  email: string;
  identifier: string;
  digest: Buffer;
}

const secretOf = ({ id, purpose, account_id: accountId, email }: Row): MailedSecret => ({
  id,
  purpose,
  accountId,
  email,
});

const alive = (db: Db) =>
  db('mailed_secrets')
    .whereNull('used_at')
    .whereNull('replaced_at')
    .where('expires_at', '>', db.raw('pratu_now()'));

/** Inserts a secret; inserts nothing when the account does not exist, which the same statement checks. */
export async function insertSecret(
  db: Db,
  secret: Omit<MailedSecret, 'id'> & { identifier: string; digest: Buffer; lifetime: number },
): Promise<void> {
  const { purpose, identifier, digest, email, lifetime, accountId } = secret;
  await db.raw(
    `insert into mailed_secrets (purpose, account_id, identifier, digest, email, expires_at)
     select ?, id, ?, ?::bytea, ?, pratu_now() + make_interval(secs => ?) from accounts where id = ?`,
    [purpose, identifier, digest, email, lifetime, accountId],
  );
}

/** Ends an account's unused secrets of the given purposes with an id higher than `after`. */
export async function endSecrets(
  db: Db,
  accountId: number,
  purposes: readonly MailedPurpose[],
  after = 0,
): Promise<void> {
  await db('mailed_secrets')
    .where({ account_id: accountId })
    .whereIn('purpose', [...purposes])
    .where('id', '>', after)
    .whereNull('used_at')
    .whereNull('replaced_at')
    .update({ replaced_at: db.raw('pratu_now()') });
}

/** Serializes the transactions that issue secrets of an account: only one secret can be the newest. */
export async function lockOwner(db: Db, accountId: number): Promise<void> {
  await db('accounts').where({ id: accountId }).forNoKeyUpdate().select('id');
}

/**
 * Ends all pending secrets of an account, except links to an earlier address that undo a change and are newer than the
 * account's first proof. A link to an address that is still listed ends too, because it has nothing left to undo.
 */
export async function endUnproved(db: Db, accountId: number): Promise<void> {
  const provedAt = db('accounts').where({ id: accountId }).select('proved_at');
  const listed = db('contacts').where({ account_id: accountId, kind: 'email' }).select('value');
  await db('mailed_secrets')
    .where({ account_id: accountId })
    .whereNull('used_at')
    .whereNull('replaced_at')
    .where((made) =>
      made
        .whereNot({ purpose: 'undo_email' })
        .orWhere('created_at', '<', provedAt)
        .orWhereIn('email', listed),
    )
    .update({ replaced_at: db.raw('pratu_now()') });
}

/** The lookup key of a secret: the identifier in its link, or an account and a purpose for the newest one. */
export type SecretName = { identifier: string } | { account_id: number; purpose: MailedPurpose };

export interface TriedSecret extends MailedSecret {
  identifier: string;
  digest: Buffer;
}

/**
 * Consumes an attempt at a secret, whether right or wrong. Returns the row while the secret is valid and has attempts
 * left.
 */
export async function trySecret(db: Db, name: SecretName, limit: number): Promise<TriedSecret | undefined> {
  const row = await count<Row>(alive(db).where(name), 'tries', limit);
  return row && { ...secretOf(row), identifier: row.identifier, digest: row.digest };
}

export async function claimSecret(db: Db, id: number): Promise<MailedSecret | undefined> {
  const row = await claim<Row>(alive(db).where({ id }), 'used_at');
  return row && secretOf(row);
}

/** Returns whether an address of the account has a pending secret of a purpose. */
export async function isWaiting(
  db: Db,
  { accountId, purpose, email }: { accountId: number; purpose: MailedPurpose; email: string },
): Promise<boolean> {
  return (await alive(db).where({ account_id: accountId, purpose, email }).first('id')) !== undefined;
}

/** Returns the new address of an account that is waiting for confirmation. */
export async function waitingEmail(db: Db, accountId: number): Promise<string | undefined> {
  const row = await alive(db)
    .where({ account_id: accountId, purpose: 'change_email' })
    .orderBy('id', 'desc')
    .first('email');
  return row?.email;
}
