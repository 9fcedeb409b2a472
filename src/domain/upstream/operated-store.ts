import { uniqueConstraint } from '../../db/constraint.ts';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { UpstreamKind, UpstreamSettings } from './connector.ts';

const CONTEXT = 'upstream_providers.sealed';

/** The members without the secret. */
export type PublicSettings = Omit<UpstreamSettings, 'clientSecret' | 'privateKey'>;

/** A provider added by an operator. */
export interface StoredProvider {
  settings: PublicSettings;
  position: number;
  updatedAt: Date;
  /** Differs after every change, even of the secret alone. */
  version: string;
  /** The secret or the private key; undefined if no key of the keyring can open it. */
  secret: string | undefined;
  isRemoved: boolean;
}

interface Row {
  id: string;
  position: number;
  kind: UpstreamKind;
  settings: Omit<PublicSettings, 'id' | 'kind'>;
  sealed: Buffer | null;
  updated_at: Date;
  removed_at: Date | null;
}

/** A secret that cannot be opened is reported by `doctor`; the other providers keep working. */
function opened(keyring: Keyring, { id, sealed }: Row): string | undefined {
  if (sealed === null) return undefined;
  try {
    return keyring.openText(CONTEXT, sealed, id);
  } catch {
    return undefined;
  }
}

const storedOf = (keyring: Keyring, row: Row): StoredProvider => ({
  settings: { ...row.settings, id: row.id, kind: row.kind },
  position: row.position,
  updatedAt: row.updated_at,
  version: sha256(JSON.stringify([row.settings, row.position, row.sealed?.toString('base64')]))
    .toString('base64url')
    .slice(0, 22),
  secret: opened(keyring, row),
  isRemoved: row.removed_at !== null,
});

/** The providers that are not removed, in the order of their buttons. */
export async function listOperated(db: Db, keyring: Keyring): Promise<StoredProvider[]> {
  const rows: Row[] = await db('upstream_providers').whereNull('removed_at').orderBy(['position', 'id']);
  return rows.map((row) => storedOf(keyring, row));
}

/** Locks a provider, even a removed one, against concurrent changes. */
export async function lockOperated(
  db: Db,
  keyring: Keyring,
  id: string,
): Promise<StoredProvider | undefined> {
  const row: Row | undefined = await db('upstream_providers').where({ id }).forUpdate().first();
  return row && storedOf(keyring, row);
}

export interface Written {
  settings: PublicSettings;
  position: number;
  secret: string;
}

const columnsOf = (db: Db, keyring: Keyring, { settings, position, secret }: Written) => {
  const { id, kind, ...rest } = settings;
  return {
    ...{ id, kind, position },
    settings: JSON.stringify(rest),
    sealed: keyring.seal(CONTEXT, secret, id),
    updated_at: db.raw('pratu_now()'),
    removed_at: null,
  };
};

/** Adds a provider, or restores a removed one. Returns false if the id is in use. Throws `UPSTREAM_FACEBOOK_TAKEN`. */
export async function insertOperated(db: Db, keyring: Keyring, written: Written): Promise<boolean> {
  try {
    const rows = await db('upstream_providers')
      .insert(columnsOf(db, keyring, written))
      .onConflict('id')
      .merge()
      .whereNotNull('upstream_providers.removed_at')
      .returning('id');
    return rows.length > 0;
  } catch (error) {
    if (uniqueConstraint(error) !== 'upstream_providers_facebook') throw error;
    throw new AppError('UPSTREAM_FACEBOOK_TAKEN', { field: 'kind', cause: error });
  }
}

export async function updateOperated(db: Db, keyring: Keyring, written: Written): Promise<void> {
  await db('upstream_providers')
    .where({ id: written.settings.id })
    .update(columnsOf(db, keyring, written));
}

/** Deletes the secret. The rest is kept for the links of accounts. */
export async function removeOperated(db: Db, id: string): Promise<void> {
  await db('upstream_providers')
    .where({ id })
    .update({ sealed: null, removed_at: db.raw('pratu_now()'), updated_at: db.raw('pratu_now()') });
}

/** The position after the last one. */
export async function nextPosition(db: Db): Promise<number> {
  const row = await db('upstream_providers').whereNull('removed_at').max('position as last').first();
  return (row?.last ?? -1) + 1;
}

/** Makes every process read the providers again. */
export async function raiseUpstreamVersion(db: Db): Promise<void> {
  await db('versions').where({ name: 'upstream' }).increment('version', 1);
}
