import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { authenticationContext, type SignInState } from '../../domain/sign-in/sign-in-state.ts';
import { essentialAcrs, requestedAcrs } from '../authentication/requested-methods.ts';
import { askedFor, extendGrant } from '../scopes/existing-grant.ts';
import { unmetAcr } from './answers.ts';

/** Replaces the redirect URI, which such a code lacks. */
const NO_REDIRECT = 'urn:pratu:no-redirect';

/**
 * Issues the code of a finished sign-in, in the same way as the library at its authorization endpoint. Without a
 * browser there is no session, and therefore neither single sign-on nor a `sid`. First-party clients need no consent.
 * Throws `unmet_authentication_requirements` if the factors do not satisfy an essential `acr`.
 */
export async function issueCode(ctx: KoaContextWithOIDC, state: SignInState): Promise<string> {
  const { provider, client, params, claims, resourceServers = {} } = ctx.oidc;
  if (!client || !params) throw new Error('a code is issued to a client');
  const essential = essentialAcrs(params);
  const context = authenticationContext(state, { acrs: requestedAcrs(params), essential });
  if (essential?.includes(context.acr) === false) throw unmetAcr();

  const accountId = String(state.accountId);
  const asked = askedFor(ctx);
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  extendGrant(grant, asked);
  const granted = new Set([...asked.scopes, ...Object.values(asked.resources).flat()]);
  const [resource, ...others] = Object.keys(resourceServers);
  const code = new provider.AuthorizationCode({
    ...{ accountId, client, ...context },
    grantId: await grant.save(),
    ...(Object.keys(claims).length > 0 ? { claims } : {}),
    codeChallenge: params.code_challenge,
    codeChallengeMethod: params.code_challenge_method,
    nonce: params.nonce,
    redirectUri: NO_REDIRECT,
    ...(resource === undefined ? {} : { resource: others.length > 0 ? [resource, ...others] : resource }),
    scope: [...ctx.oidc.requestParamScopes].filter((scope) => granted.has(scope)).join(' '),
    dpopJkt: params.dpop_jkt,
  } as ConstructorParameters<typeof provider.AuthorizationCode>[0]);
  return code.save();
}

/**
 * Lets the token endpoint accept such a code without a redirect URI, which it requires for all others. A first-party
 * client that sends none may have had such a code, so an expired one is `invalid_grant`, as for every client.
 */
export async function redeemWithoutRedirect({
  oidc: { client, params, provider },
}: KoaContextWithOIDC): Promise<void> {
  if (client?.first_party !== true || !params) return;
  if (params.redirect_uri !== undefined || typeof params.code !== 'string') return;
  const code = await provider.AuthorizationCode.find(params.code, { ignoreExpiration: true });
  if (!code) throw new errors.InvalidGrant('authorization code not found');
  if (code.redirectUri === NO_REDIRECT) params.redirect_uri = NO_REDIRECT;
}
