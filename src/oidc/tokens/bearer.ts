import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import { AppError } from '../../errors/app-error.ts';
import { callersThumbprint } from '../../http/client-certificate.ts';
import { actAs } from '../../lib/request-context.ts';
import { recordId } from '../../storage/record.ts';
import type { Records } from '../../storage/unit-of-work.ts';
import { runInUnit } from '../edge/unit.ts';
import { scopesOf } from '../scopes/scopes.ts';
import { isOfCaller } from './certificate-binding.ts';

/** The caller of one of Pratu's own routes: the account and client of an access token. */
export interface Bearer {
  accountId: number;
  /** The account's generation at the moment in which the token was found to be live. */
  generation: number;
  clientId: string;
  scopes: ReadonlySet<string>;
  /** `recordId('Grant', …)` of the grant that the token belongs to. */
  grantRecord: string;
  sessionUid: string | undefined;
  /** Epoch seconds of the sign-in with the password that this very token came from; undefined for other tokens. */
  passwordAt: number | undefined;
}

export interface Bearers {
  /**
   * Returns the caller in an access token (RFC 6750, with the scheme in any case; never from the query). Throws
   * `INVALID_TOKEN`, the same for every reason, and `INSUFFICIENT_SCOPE` when the token lacks `scope`.
   */
  of(ctx: Context, scope: string): Promise<Bearer>;
  /** Returns the caller in a token that was not sent as RFC 6750 describes. A bound token is refused. */
  ofToken(ctx: Context, value: string | undefined, scope: string): Promise<Bearer>;
  /**
   * Returns the caller in a token that was sent in another way, regardless of its scope; undefined for every reason for
   * which `of` throws `INVALID_TOKEN`.
   */
  find(value: string): Promise<Bearer | undefined>;
  /** Revokes the token's whole grant: access and refresh token. */
  revoke(bearer: Pick<Bearer, 'grantRecord'>): Promise<void>;
}

const SCHEME = /^bearer +(\S+) *$/i;

export function bearers({ provider, records }: { provider: () => Provider; records: Records }): Bearers {
  async function find(value: string, thumbprint?: string): Promise<Bearer | undefined> {
    const work = records.unit();
    const unit = { work, atTokenEndpoint: false };
    const token = await runInUnit(unit, () => provider().AccessToken.find(value));
    const generation = work.generations.get(Number(token?.accountId));
    const client = token?.clientId === undefined ? undefined : await provider().Client.find(token.clientId);
    // a token for another audience, or bound to a key or certificate that this request lacks, is not accepted
    const usable =
      token?.isValid && token.aud === undefined && isOfCaller(token, thumbprint) && token.grantId;
    if (!token || !usable || !client || generation === undefined) return undefined;
    return {
      accountId: Number(token.accountId),
      generation,
      clientId: client.clientId,
      scopes: new Set(scopesOf(token.scope)),
      grantRecord: recordId('Grant', token.grantId as string),
      sessionUid: token.sessionUid,
      passwordAt: token.gty === 'password' ? token.iat : undefined,
    };
  }

  /** Records the caller as the client and the actor of the request. */
  async function caller(
    ctx: Context,
    scope: string,
    { value, thumbprint }: { value: string | undefined; thumbprint?: string | undefined },
  ): Promise<Bearer> {
    const bearer = value === undefined ? undefined : await find(value, thumbprint);
    if (!bearer) throw new AppError('INVALID_TOKEN');
    if (!bearer.scopes.has(scope)) throw new AppError('INSUFFICIENT_SCOPE');
    ctx.state.clientId = bearer.clientId;
    actAs(`account:${bearer.accountId}`);
    return bearer;
  }

  return {
    find: (value) => find(value),
    ofToken: (ctx, value, scope) => caller(ctx, scope, { value }),
    of: (ctx, scope) =>
      caller(ctx, scope, {
        value: SCHEME.exec(ctx.get('Authorization'))?.[1],
        thumbprint: callersThumbprint(ctx),
      }),
    async revoke({ grantRecord }) {
      const unit = records.unit();
      unit.revoke(grantRecord);
      unit.remove(grantRecord);
      await unit.commit();
    },
  };
}
