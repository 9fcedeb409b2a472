import { errors, type FindAccount, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import { passwordMethod } from '../../domain/authenticators/password/method.ts';
import type { PasswordAuthenticator } from '../../domain/authenticators/password/password.ts';
import { authenticationContext, completeFactor } from '../../domain/sign-in/sign-in-state.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import { asProtocol } from '../edge/errors.ts';
import { currentUnit } from '../edge/unit.ts';
import {
  applyRefreshTokenBindings,
  checkDpopReplay,
  checkDpopRequired,
  checkMtlsCert,
  validateDpop,
} from '../library/internals.ts';
import { refuseAudienceForToken } from '../scopes/requested-resource.ts';
import { FIRST_PARTY_SCOPE, scopesOf } from '../scopes/scopes.ts';
import { authenticationClaims } from '../tokens/authentication-claims.ts';

export interface PasswordGrantDeps {
  passwordAuthenticator: PasswordAuthenticator;
  findAccount: FindAccount;
  clock: Clock;
  originOf: (ctx: KoaContextWithOIDC) => { address: string; device?: string };
}

const GRANT_TYPE = 'password';
const PARAMETERS = ['username', 'password', 'scope'] as const;

/**
 * Returns the requested scopes that the client may have; the first-party scope by default. Throws `InvalidScope` if
 * none remains.
 */
function scopeOf(ctx: KoaContextWithOIDC): string {
  const { client, params } = ctx.oidc;
  const asked = scopesOf(params?.scope as string | undefined);
  const allowed = new Set(scopesOf(client?.scope));
  const wanted = asked.length > 0 ? asked : [FIRST_PARTY_SCOPE];
  const scope = wanted.filter((one) => allowed.has(one)).join(' ');
  if (!scope) throw new errors.InvalidScope('requested scope is not allowed', wanted.join(' '));
  return scope;
}

/** Refuses a resource: tokens of this grant are for Pratu's own APIs, and a client must not mistake them for others. */
function refuseResource(ctx: KoaContextWithOIDC): void {
  refuseAudienceForToken(ctx);
  const { resource } = (ctx.oidc.body ?? {}) as Record<string, unknown>;
  if (resource !== undefined)
    throw new errors.InvalidTarget("the password grant does not support the parameter 'resource'");
}

/**
 * Adds the password grant (RFC 6749 §4.3), for apps that will not be rewritten. `token_type` is in lower case, because
 * they compare it, unless the tokens are bound to a key (RFC 9449). A request for `openid` also returns an ID token.
 */
export function addPasswordGrant(
  provider: Provider,
  { passwordAuthenticator, findAccount, clock, originOf }: PasswordGrantDeps,
): void {
  const handler = async (ctx: KoaContextWithOIDC): Promise<void> => {
    const { client, params, provider: op } = ctx.oidc;
    if (!client) throw new errors.InvalidClient('client authentication is required');
    const { username, password } = params as { username?: string; password?: string };
    if (username === undefined) throw new errors.InvalidRequest("missing required parameter 'username'");
    if (password === undefined) throw new errors.InvalidRequest("missing required parameter 'password'");
    refuseResource(ctx);
    const scope = scopeOf(ctx);
    // RFC 9449 §5: a proof binds the tokens, and a client may be registered as always sending one
    const proof = await validateDpop(op, ctx);
    checkDpopRequired(op, ctx, proof);
    // RFC 8705 §3: or as always presenting a certificate
    const certificate = checkMtlsCert(op, ctx);
    const account = await asProtocol(() =>
      passwordAuthenticator.verify({
        identifier: username,
        password,
        origin: originOf(ctx),
        clientId: client.clientId,
        requestId: ctx.state.requestId,
      }),
    );
    const unit = currentUnit();
    unit?.work.generations.set(account.id, account.generation);

    const accountId = String(account.id);
    const factor = { method: passwordMethod.name, at: epochSeconds(clock.now()) };
    const context = authenticationContext(completeFactor(undefined, account.id, factor));
    const grant = new op.Grant({ accountId, clientId: client.clientId });
    grant.addOIDCScope(scope);
    const grantId = await grant.save();
    const common = { accountId, client, grantId, gty: GRANT_TYPE, scope };

    const accessToken = new op.AccessToken({
      ...common,
      extra: authenticationClaims(context),
    } as ConstructorParameters<typeof op.AccessToken>[0]);
    if (certificate) accessToken.setThumbprint('x5t', certificate);
    if (proof) {
      await checkDpopReplay(op, ctx, proof, client.clientId, errors.InvalidGrant);
      accessToken.setThumbprint('jkt', proof.thumbprint);
    }
    const body: Record<string, unknown> = {
      access_token: await accessToken.save(),
      token_type: proof ? accessToken.tokenType : 'bearer',
      expires_in: accessToken.expiration,
      scope,
    };
    ctx.oidc.entity('Grant', grant);
    ctx.oidc.entity('AccessToken', accessToken);
    if (client.grantTypeAllowed('refresh_token')) {
      const refreshToken = new op.RefreshToken({ ...common, ...context, rotations: 0 });
      await applyRefreshTokenBindings(op, ctx, accessToken, refreshToken);
      body.refresh_token = await refreshToken.save();
      ctx.oidc.entity('RefreshToken', refreshToken);
    }
    if (scopesOf(scope).includes('openid')) {
      const person = await findAccount(ctx, accountId);
      const claims = { sub: accountId, ...(await person?.claims('id_token', scope, {}, [])) };
      const idToken = Object.assign(
        new op.IdToken(
          { ...claims, auth_time: context.authTime, acr: context.acr, amr: context.amr },
          { ctx },
        ),
        { scope },
      );
      body.id_token = await idToken.issue({ use: 'idtoken' });
    }
    ctx.body = body;
  };
  provider.registerGrantType(GRANT_TYPE, handler, [...PARAMETERS]);
}
