import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import { AppError } from '../../errors/app-error.ts';
import { callersThumbprint } from '../../http/client-certificate.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import type { Records } from '../../storage/unit-of-work.ts';
import { runInUnit } from '../edge/unit.ts';
import { scopesOf } from '../scopes/scopes.ts';
import { type SignInOfToken, signInOf } from './authentication-claims.ts';
import { isOfCaller } from './certificate-binding.ts';
import { provedBy } from './dpop-proof.ts';

/** The caller of one of Pratu's own resource servers: a client, for an account or without one. */
export interface ResourceBearer {
  clientId: string;
  /** Undefined for a token of the client credentials grant. */
  accountId: number | undefined;
  /** Undefined when no person signed in, or the token does not contain the sign-in. */
  signIn: SignInOfToken | undefined;
  scopes: ReadonlySet<string>;
}

interface Deps {
  provider: () => Provider;
  records: Records;
  clock: Clock;
  issuer: string;
  /** The audience that tokens must have. */
  audience: string;
}

const SCHEME = /^(bearer|dpop) +(\S+) *$/i;
/** The same as the library's for its own endpoints; records of proofs outlive it. */
const REPLAY_SECONDS = 300;

/**
 * Returns the caller in an opaque access token for this audience (RFC 6750), with a proof when the token is bound to a
 * key (RFC 9449). Throws `INVALID_TOKEN`, the same for every reason.
 */
export function resourceBearers({ provider, records, clock, issuer, audience }: Deps) {
  return async (ctx: Context): Promise<ResourceBearer> => {
    const [, scheme = '', value] = SCHEME.exec(ctx.get('Authorization')) ?? [];
    if (value === undefined) throw new AppError('INVALID_TOKEN');
    const work = records.unit();
    return runInUnit({ work, atTokenEndpoint: false }, async () => {
      const { AccessToken, Client, ClientCredentials, ReplayDetection } = provider();
      const ofAccount = await AccessToken.find(value);
      const token = ofAccount ?? (await ClientCredentials.find(value));
      const client = token?.clientId === undefined ? undefined : await Client.find(token.clientId);
      if (!token?.isValid || !client || token.aud !== audience) throw new AppError('INVALID_TOKEN');
      const isBound = token.jkt !== undefined;
      if (!isBound && !isOfCaller(token, callersThumbprint(ctx))) throw new AppError('INVALID_TOKEN');
      if (isBound !== (scheme.toLowerCase() === 'dpop')) throw new AppError('INVALID_TOKEN');
      if (isBound) {
        const jti = provedBy(ctx.get('DPoP'), {
          method: ctx.method,
          url: `${issuer}${ctx.path}`,
          accessToken: value,
          thumbprint: token.jkt ?? '',
          nowSeconds: epochSeconds(clock.now()),
        });
        const until = epochSeconds(clock.now()) + REPLAY_SECONDS;
        if (jti === undefined || !(await ReplayDetection.unique(client.clientId, jti, until)))
          throw new AppError('INVALID_TOKEN');
        // a proof that another request has used simultaneously is refused here
        if ((await work.commit()) !== 'done') throw new AppError('INVALID_TOKEN');
      }
      return {
        clientId: client.clientId,
        accountId: ofAccount ? Number(ofAccount.accountId) : undefined,
        signIn: ofAccount && signInOf(ofAccount),
        scopes: new Set(scopesOf(token.scope)),
      };
    });
  };
}
