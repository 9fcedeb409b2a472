import type { Context } from 'koa';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import { basicId } from '../../http/basic-client.ts';
import { isStorable } from '../../http/characters.ts';

type WithBody = { body?: unknown };

/**
 * Returns the fields of a token request as they were sent, including repeated ones; of a malformed body, the readable
 * part.
 */
export function sentFields({ req }: Pick<Context, 'req'>): URLSearchParams {
  const { body } = req as WithBody;
  return new URLSearchParams(typeof body === 'string' ? body : '');
}

/** Stores fields where the library, and `sentFields`, expect a form. */
export function leaveFields({ req }: Pick<Context, 'req'>, fields: URLSearchParams): void {
  (req as WithBody).body = fields.toString();
}

/** The field that marks a request as an exchange bound to a mobile number, regardless of its sender. */
export const MARK = 'mobile_number';

/** The sender of a request, by its client ID. */
export type Sender = 'partner' | 'other' | 'unknown';

export function senderOf(client: object | undefined): Sender {
  if (!client) return 'unknown';
  const { token_profile: profile } = client as { token_profile?: unknown };
  return profile === 'partner' ? 'partner' : 'other';
}

/**
 * Returns the sender of a request that the library has not processed yet, by its fields or its Basic credentials, which
 * are unverified. Throws `UNAVAILABLE` while the database is down.
 */
export async function namedSender(
  clientCache: ClientCache,
  fields: URLSearchParams,
  ctx: Pick<Context, 'get'>,
): Promise<Sender> {
  const id = fields.get('client_id') ?? basicId(ctx) ?? '';
  if (!isStorable(id)) return 'unknown';
  const client = await clientCache.find(id);
  return senderOf(client?.metadata);
}

/**
 * Returns whether the grant type is that of an exchange or missing: an exchange may receive an error about the missing
 * one.
 */
export const mayBeExchange = (fields: URLSearchParams): boolean =>
  ['', 'authorization_code'].includes(fields.get('grant_type') ?? '');
