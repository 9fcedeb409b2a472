import { violated } from '../../db/constraint.ts';
import type { Db } from '../../db/database.ts';

export interface NewBinding {
  /** `truemoney`, `line`, … */
  provider: string;
  /** The ID of the account at the provider. */
  externalId: string;
  /** As reported by the provider's partner; `1` is linked. */
  status: string;
}

export interface Binding extends NewBinding {
  createdAt: Date;
  updatedAt: Date;
}

/**
 * The lock on the account's row makes the statement wait for a concurrent deletion of the account. It then finds no
 * account to bind, so that a tombstone receives no personal data.
 */
const SET = `
  insert into bindings (account_id, provider, external_id, status)
  select id, ?, ?, ? from accounts where id = ? and status <> 'deleted' for share
  on conflict (account_id, provider) do update
    set external_id = excluded.external_id, status = excluded.status, updated_at = pratu_now()`;

/** Returns false if the account does not exist or is deleted. Throws `BINDING_TAKEN`. */
export async function upsertBinding(
  db: Db,
  accountId: number,
  { provider, externalId, status }: NewBinding,
): Promise<boolean> {
  try {
    const { rowCount } = await db.raw(SET, [provider, externalId, status, accountId]);
    return rowCount > 0;
  } catch (error) {
    throw violated(error) ?? error;
  }
}

/** An existing link of the account at the provider remains unchanged. */
const ADD = `
  insert into bindings (account_id, provider, external_id, status)
  select id, ?, ?, ? from accounts where id = ? and status <> 'deleted' for share
  on conflict (account_id, provider) do nothing`;

/** Returns false if the account already has a link at the provider, or no longer exists. Throws `BINDING_TAKEN`. */
export async function insertBinding(
  db: Db,
  accountId: number,
  { provider, externalId, status }: NewBinding,
): Promise<boolean> {
  try {
    const { rowCount } = await db.raw(ADD, [provider, externalId, status, accountId]);
    return rowCount > 0;
  } catch (error) {
    throw violated(error) ?? error;
  }
}

/** Returns false if there was none. */
export async function deleteBinding(db: Db, accountId: number, provider: string): Promise<boolean> {
  const deleted = await db('bindings').where({ account_id: accountId, provider }).delete();
  return deleted > 0;
}

export async function readBindings(db: Db, accountId: number): Promise<Binding[]> {
  return db('bindings').where({ account_id: accountId }).orderBy('provider').select({
    provider: 'provider',
    externalId: 'external_id',
    status: 'status',
    createdAt: 'created_at',
    updatedAt: 'updated_at',
  });
}

export async function readHolder(db: Db, provider: string, externalId: string): Promise<number | undefined> {
  const row = await db('bindings').where({ provider, external_id: externalId }).first('account_id');
  return row?.account_id;
}

/** Returns whether any account, of any status, has a binding with this name. */
export async function hasBindings(db: Db, provider: string): Promise<boolean> {
  return (await db('bindings').where({ provider }).first('account_id')) !== undefined;
}
