import { reserve } from '../../db/claims.ts';
import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { ClientMetadata, SecretKind, StoredClient } from './client.ts';

const CONTEXT = 'client_secrets.sealed';

interface Row {
  metadata: ClientMetadata;
  dynamic: boolean;
  created_at: Date;
}

const clientOf = (row: Row, secrets: string[]): StoredClient => ({
  metadata: row.metadata,
  dynamic: row.dynamic,
  secrets,
  createdAt: row.created_at,
});

export async function readClient(db: Db, keyring: Keyring, id: string): Promise<StoredClient | undefined> {
  const row = await db('clients').where({ id }).first<Row | undefined>();
  if (!row) return undefined;
  const sealed = await db('client_secrets')
    .where({ client_id: id, kind: 'secret' })
    .where((valid) => valid.whereNull('expires_at').orWhere('expires_at', '>', db.raw('pratu_now()')))
    .orderBy('id', 'desc')
    .select('sealed');
  return clientOf(
    row,
    sealed.map((secret) => keyring.openText(CONTEXT, secret.sealed)),
  );
}

export async function listClients(db: Db): Promise<StoredClient[]> {
  const rows = (await db('clients').orderBy('id').select()) as Row[];
  return rows.map((row) => clientOf(row, []));
}

/** Throws `CLIENT_TAKEN`. */
export async function insertClient(db: Db, metadata: ClientMetadata, dynamic: boolean): Promise<void> {
  await reserve(
    db('clients').insert({ id: metadata.client_id, metadata: JSON.stringify(metadata), dynamic }),
  );
}

export async function updateClient(db: Db, metadata: ClientMetadata): Promise<boolean> {
  const changed = await db('clients')
    .where({ id: metadata.client_id })
    .update({ metadata: JSON.stringify(metadata), updated_at: db.raw('pratu_now()') });
  return changed > 0;
}

/** Removes the client, its secrets and consents, and every record that was issued to it. */
export async function deleteClient(db: Db, id: string): Promise<boolean> {
  await db('records').where({ client_id: id }).delete();
  return (await db('clients').where({ id }).delete()) > 0;
}

export async function insertSecret(
  db: Db,
  keyring: Keyring,
  clientId: string,
  kind: SecretKind,
  value: string,
): Promise<void> {
  await db('client_secrets').insert({
    client_id: clientId,
    kind,
    sealed: keyring.seal(CONTEXT, value),
    // an API key is looked up by itself; the others are found through their client
    digest: kind === 'api_key' ? keyring.digest(CONTEXT, value) : null,
  });
}

/** Ends the secrets of a kind that are valid now, in `keepSeconds` from now. */
export async function expireSecrets(
  db: Db,
  clientId: string,
  kind: SecretKind,
  keepSeconds: number,
): Promise<void> {
  await db('client_secrets')
    .where({ client_id: clientId, kind })
    .update({
      expires_at: db.raw('least(expires_at, pratu_now() + make_interval(secs => ?))', [keepSeconds]),
    });
}

/** Tells every process to forget what it remembers of clients. */
export async function raiseClientsVersion(db: Db): Promise<void> {
  await db('versions').where({ name: 'clients' }).increment('version', 1);
}
