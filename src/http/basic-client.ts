import type { Context } from 'koa';
import type { StoredClient } from '../domain/clients/client.ts';
import { isSecretOf } from '../domain/clients/client-secret.ts';
import { AppError } from '../errors/app-error.ts';

const BASIC = /^basic +([\w+/=-]+)$/i;

/** The id and secret of an `Authorization: Basic` header (RFC 7617; each form-encoded, RFC 6749 §2.3.1). */
function credentialsOf(header: string): { id: string; secret: string } | undefined {
  const [, encoded = ''] = BASIC.exec(header) ?? [];
  const [, id, secret] = /^([^:]+):(.+)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  try {
    const decode = (part: string): string => decodeURIComponent(part.replaceAll('+', ' '));
    return { id: decode(id), secret: decode(secret) };
  } catch {
    return undefined;
  }
}

/** Returns the client id in the Basic credentials of a request. Does not verify the credentials. */
export const basicId = (ctx: Pick<Context, 'get'>): string | undefined =>
  credentialsOf(ctx.get('Authorization'))?.id;

/**
 * Returns the id of the first-party client that authenticates with its secret, on routes where this is optional.
 * Returns undefined when the request has no Basic credentials. Throws `INVALID_TOKEN` when they are wrong, or the
 * client is not first-party.
 */
export const firstPartyClient =
  (clients: { find(id: string): Promise<StoredClient | undefined> }) =>
  async (ctx: Context): Promise<string | undefined> => {
    const header = ctx.get('Authorization');
    if (!/^basic /i.test(header)) return undefined;
    const given = credentialsOf(header);
    const client = given && (await clients.find(given.id));
    if (!client || !isSecretOf(client, given.secret) || client.metadata.first_party !== true)
      throw new AppError('INVALID_TOKEN');
    return client.metadata.client_id;
  };
