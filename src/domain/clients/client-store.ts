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

const VALID = '(s.expires_at is null or s.expires_at > pratu_now())';

/** The context of `SEALED_COLUMNS`: a sealed secret cannot be opened for another client or as another kind. */
const boundTo = (clientId: string, kind: SecretKind): string => `${clientId} ${kind}`;

const CLIENT_WITH_SECRETS = `
  select c.metadata, c.dynamic, c.created_at, array(
    select s.sealed from client_secrets s where s.client_id = c.id and s.kind = 'secret' and ${VALID}
    order by s.id desc) as sealed
  from clients c where c.id = ?`;

const clientOf = (row: Row, secrets: string[]): StoredClient => ({
  metadata: row.metadata,
  dynamic: row.dynamic,
  secrets,
  createdAt: row.created_at,
});

/** Uses one statement for every ID, so that an unknown ID takes as long as any other. */
export async function readClient(db: Db, keyring: Keyring, id: string): Promise<StoredClient | undefined> {
  const { rows } = await db.raw(CLIENT_WITH_SECRETS, [id]);
  const [row] = rows as (Row & { sealed: Buffer[] })[];
  return (
    row &&
    clientOf(
      row,
      row.sealed.map((secret) => keyring.openText(CONTEXT, secret, boundTo(id, 'secret'))),
    )
  );
}

/** Returns a client's valid secrets of a kind, newest first. */
export async function readSecrets(
  db: Db,
  keyring: Keyring,
  clientId: string,
  kind: SecretKind,
): Promise<string[]> {
  const rows = await db('client_secrets as s')
    .where({ client_id: clientId, kind })
    .whereRaw(VALID)
    .orderBy('id', 'desc')
    .select('sealed');
  return rows.map(({ sealed }) => keyring.openText(CONTEXT, sealed, boundTo(clientId, kind)));
}

/** Returns the ID of the client that an API key belongs to. */
export async function readApiKeyOwner(db: Db, keyring: Keyring, apiKey: string): Promise<string | undefined> {
  const row = await db('client_secrets as s')
    .where({ kind: 'api_key' })
    .whereIn('digest', keyring.digests(CONTEXT, apiKey))
    .whereRaw(VALID)
    .first('client_id');
  return row?.client_id;
}

export async function listClients(db: Db): Promise<StoredClient[]> {
  const rows = (await db('clients').orderBy('id').select()) as Row[];
  return rows.map((row) => clientOf(row, []));
}

/** Returns whether a first-party client registered by an operator has exactly this URI. */
export async function isRegisteredUri(
  db: Db,
  member: 'reset_uris' | 'activate_uris',
  uri: string,
): Promise<boolean> {
  const row = await db('clients')
    .where({ dynamic: false })
    .whereRaw(`metadata @> ?::jsonb`, [JSON.stringify({ first_party: true, [member]: [uri] })])
    .first('id');
  return row !== undefined;
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

/** The scopes and grants that a change of a registration no longer allows. */
export interface Ending {
  scopes: readonly string[];
  grants: readonly string[];
}

/** The numbers of tokens, consents and sessions that a change ends. */
export interface Effects {
  tokens: number;
  consents: number;
  sessions: number;
}

/** Valid tokens of a client that a change no longer allows, by their scope or by the grant that issued them. */
const ENDING = `
  client_id = :id and expires_at > pratu_now()
  and kind in ('AccessToken', 'RefreshToken', 'ClientCredentials', 'AuthorizationCode', 'DeviceCode')
  and (string_to_array(payload->>'scope', ' ') && cast(:scopes as text[])
    or split_part(payload->>'gty', ' ', 1) = any(cast(:grants as text[]))
    or kind = 'RefreshToken' and 'refresh_token' = any(cast(:grants as text[])))`;

export async function countEnding(db: Db, id: string, ending: Ending): Promise<number> {
  const { rows } = await db.raw(`select count(*)::int as tokens from records where ${ENDING}`, {
    id,
    ...ending,
  });
  return (rows[0] as { tokens: number }).tokens;
}

export async function endTokens(db: Db, id: string, ending: Ending): Promise<void> {
  await db.raw(`delete from records where ${ENDING}`, { id, ...ending });
}

/** Counts what removing the client would end. */
export async function countOfClient(db: Db, id: string): Promise<Effects> {
  const { rows } = await db.raw(
    `select (select count(*)::int from records where client_id = :id and expires_at > pratu_now()
        and kind in ('AccessToken', 'RefreshToken', 'ClientCredentials', 'AuthorizationCode', 'DeviceCode')) as tokens,
      (select count(*)::int from consents where client_id = :id) as consents, 0 as sessions`,
    { id },
  );
  return rows[0] as Effects;
}

/** Blocks other changes to the client. Returns its current registration. */
export async function lockClient(db: Db, id: string): Promise<ClientMetadata | undefined> {
  const row = await db('clients').where({ id }).forUpdate().first('metadata');
  return row?.metadata;
}

/** Removes the client with its secrets, its consents and every record that was issued to it. */
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
    sealed: keyring.seal(CONTEXT, value, boundTo(clientId, kind)),
    // an API key is looked up by its value; other secrets are found through their client
    digest: kind === 'api_key' ? keyring.digest(CONTEXT, value) : null,
  });
}

/** Expires the newest secret of a kind in `keepSeconds` from now, and all older ones immediately. Never extends one. */
export async function expireSecrets(
  db: Db,
  clientId: string,
  kind: SecretKind,
  keepSeconds: number,
): Promise<void> {
  const theirs = () => db('client_secrets').where({ client_id: clientId, kind });
  const newest = theirs().max('id');
  await theirs()
    .whereNot('id', newest)
    .update({ expires_at: db.raw('least(expires_at, pratu_now())') });
  await theirs()
    .where('id', newest)
    .update({
      expires_at: db.raw('least(expires_at, pratu_now() + make_interval(secs => ?))', [keepSeconds]),
    });
}

/** Makes every process discard its cached clients. */
export async function raiseClientsVersion(db: Db): Promise<void> {
  await db('versions').where({ name: 'clients' }).increment('version', 1);
}
