import { randomBytes } from 'node:crypto';
import type { Provider } from 'oidc-provider';
import type { Config } from '../../config/config.ts';
import type { Account } from '../../domain/accounts/account.ts';
import type { BuiltInClientId } from '../../domain/clients/built-in-clients.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Records } from '../../storage/unit-of-work.ts';
import { runInUnit } from '../edge/unit.ts';

export interface TokenRequest {
  client: BuiltInClientId;
  /**
   * The account at the time of the authentication: an event that ends its sessions in the meantime ends the token too.
   */
  account: Pick<Account, 'id' | 'generation'>;
  /** The method of authentication, which is stored as the token's grant type. */
  by: 'password' | 'facebook';
}

/** Issues an access token of one of the built-in clients, which an API returns to its caller. */
export type IssueToken = (request: TokenRequest) => Promise<string>;

interface Deps {
  provider: () => Provider;
  records: Records;
  tokens: Config['tokens'];
}

/** Returns a key in its established format: 40 lower-case hex digits, 160 random bits. */
const newKey = (): string => randomBytes(20).toString('hex');

/**
 * Issues tokens of Pratu's own APIs. They have a grant like any other token, so that every event that ends a grant ends
 * them.
 */
export const issueToken =
  ({ provider, records, tokens }: Deps): IssueToken =>
  async ({ client: clientId, account, by }) => {
    const op = provider();
    const client = await op.Client.find(clientId);
    if (!client) throw new AppError('CLIENT_NOT_FOUND');
    const work = records.unit();
    work.generations.set(account.id, account.generation);
    return runInUnit({ work, atTokenEndpoint: false }, async () => {
      const accountId = String(account.id);
      const scope = client.scope as string;
      const grant = new op.Grant({ accountId, clientId });
      grant.addOIDCScope(scope);
      const token = new op.AccessToken({
        accountId,
        client,
        grantId: await grant.save(),
        gty: by,
        scope,
        expiresIn: clientId === 'keys' ? tokens.key : tokens.selfServiceToken,
      } as ConstructorParameters<typeof op.AccessToken>[0]);
      // an existing value is kept; the library sets the format only when it creates one
      if (clientId === 'keys') Object.assign(token, { jti: newKey(), format: 'opaque' });
      const value = await token.save();
      await work.commit();
      return value;
    });
  };
