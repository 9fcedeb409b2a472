import type { Context } from 'koa';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import { basicId } from '../../http/basic-client.ts';
import { isStorable } from '../../http/characters.ts';

type WithBody = { body?: unknown };

/** The fields of a token request as they came, repeated ones too; of a broken body what can be read of it. */
export function sentFields({ req }: Pick<Context, 'req'>): URLSearchParams {
  const { body } = req as WithBody;
  return new URLSearchParams(typeof body === 'string' ? body : '');
}

/** Leaves fields where the library, and `sentFields`, look for a form. */
export function leaveFields({ req }: Pick<Context, 'req'>, fields: URLSearchParams): void {
  (req as WithBody).body = fields.toString();
}

/** What marks a request as an exchange that is bound to a mobile number, regardless of who sends it. */
export const MARK = 'mobile_number';

/** Whose request it is, by the client id that it names. */
export type Sender = 'partner' | 'other' | 'unknown';

export function senderOf(client: object | undefined): Sender {
  if (!client) return 'unknown';
  const { token_profile: profile } = client as { token_profile?: unknown };
  return profile === 'partner' ? 'partner' : 'other';
}

/**
 * The sender of a request that the library has not seen (yet), by its fields or its Basic credentials, which nobody has
 * checked. Throws `UNAVAILABLE` while the database is down.
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

/** The grant of an exchange, or none: then it is missing, which an exchange may be told of. */
export const mayBeExchange = (fields: URLSearchParams): boolean =>
  ['', 'authorization_code'].includes(fields.get('grant_type') ?? '');
