import { randomUUID } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { DisabledReason, Webhook } from './webhook.ts';

const SEALED = 'webhook_secrets.sealed';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether the text is a UUID, as PostgreSQL requires; other texts identify no row. */
export const isId = (text: string): boolean => UUID.test(text);

const COLUMNS = {
  id: 'id',
  url: 'url',
  events: 'events',
  include: 'include',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  failingSince: 'failing_since',
  disabledAt: 'disabled_at',
  disabledReason: 'disabled_reason',
} as const;

/** The members that an operator can change. */
export type Writable = Pick<Webhook, 'url' | 'events' | 'include'>;

/** A version that differs after every change by an operator, and after the webhook is disabled. */
export const versionOf = ({ url, events, include, disabledAt }: Webhook): string =>
  sha256(JSON.stringify([url, events, include, disabledAt]))
    .toString('base64url')
    .slice(0, 22);

export const listWebhooks = (db: Db): Promise<Webhook[]> =>
  db('webhooks').select(COLUMNS).orderBy(['created_at', 'id']);

export const readWebhook = async (db: Db, id: string): Promise<Webhook | undefined> =>
  isId(id) ? db('webhooks').where({ id }).first(COLUMNS) : undefined;

/** Locks a webhook against concurrent changes. */
export const lockWebhook = async (db: Db, id: string): Promise<Webhook | undefined> =>
  isId(id) ? db('webhooks').where({ id }).forUpdate().first(COLUMNS) : undefined;

export async function insertWebhook(db: Db, { url, events, include }: Writable): Promise<Webhook> {
  const [row] = await db('webhooks').insert({ id: randomUUID(), url, events, include }).returning('id');
  return (await readWebhook(db, row.id)) as Webhook;
}

export async function updateWebhook(db: Db, id: string, { url, events, include }: Writable): Promise<void> {
  const change = { url, events, include, updated_at: db.raw('pratu_now()') };
  await db('webhooks').where({ id }).update(change);
}

/** Enables a webhook and resets its failures. */
export async function enableWebhook(db: Db, id: string): Promise<void> {
  await db('webhooks')
    .where({ id })
    .update({ disabled_at: null, disabled_reason: null, failing_since: null });
}

/** Returns false if it is already disabled. */
export async function disableWebhook(db: Db, id: string, reason: DisabledReason): Promise<boolean> {
  const disabled = { disabled_at: db.raw('pratu_now()'), disabled_reason: reason };
  return (await db('webhooks').where({ id }).whereNull('disabled_at').update(disabled)) > 0;
}

/** Deletes a webhook; its deliveries are kept until they are swept. */
export async function deleteWebhook(db: Db, id: string): Promise<void> {
  await db('webhooks').where({ id }).delete();
}

/**
 * Adds a secret as the current one. The previous one stays valid for `keepSeconds`; older ones expire immediately. A
 * webhook has at most two secrets.
 */
export async function addSecret(
  db: Db,
  keyring: Keyring,
  { webhookId, secret, keepSeconds }: { webhookId: string; secret: string; keepSeconds: number },
): Promise<void> {
  const id = randomUUID();
  await db('webhook_secrets').where({ webhook_id: webhookId }).whereNotNull('expires_at').delete();
  await db('webhook_secrets')
    .where({ webhook_id: webhookId })
    .update({ expires_at: db.raw('pratu_now() + make_interval(secs => ?)', [keepSeconds]) });
  await db('webhook_secrets').insert({
    ...{ id, webhook_id: webhookId },
    sealed: keyring.seal(SEALED, secret, id),
  });
}

/** The valid secrets, the current one first. Throws `UnreadableValue` if no key of the keyring can open one. */
export async function readSecrets(db: Db, keyring: Keyring, webhookId: string): Promise<string[]> {
  const rows: { id: string; sealed: Buffer }[] = await db('webhook_secrets')
    .where({ webhook_id: webhookId })
    .whereRaw('(expires_at is null or expires_at > pratu_now())')
    .orderByRaw('expires_at nulls first')
    .select('id', 'sealed');
  return rows.map(({ id, sealed }) => keyring.openText(SEALED, sealed, id));
}
