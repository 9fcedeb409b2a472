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
  /** As it was when the proof was checked: what happens to it meanwhile ends the token too. */
  account: Pick<Account, 'id' | 'generation'>;
  /** What the person proved: kept as the token's grant type. */
  by: 'password' | 'facebook';
}

/** Hands out an access token of one of the built-in clients, as an API gives it to its caller. */
export type IssueToken = (request: TokenRequest) => Promise<string>;

interface Deps {
  provider: () => Provider;
  records: Records;
  tokens: Config['tokens'];
}

/** A key looks as it always did: 40 lower-case hex digits, 160 random bits. */
const newKey = (): string => randomBytes(20).toString('hex');

/** Tokens of our own APIs are tokens like any other, with a grant, so that everything that ends one ends these. */
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
      // a value that is there is kept; the library sets the format when it makes one
      if (clientId === 'keys') Object.assign(token, { jti: newKey(), format: 'opaque' });
      const value = await token.save();
      await work.commit();
      return value;
    });
  };
