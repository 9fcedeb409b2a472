import { type CanBePromise, Provider, type TokenEndpointGrantContext } from 'oidc-provider';
import { CIBA_GRANT } from '../domain/clients/client.ts';
import type { MethodName } from '../domain/sign-in/methods.ts';
import type { SigningKeys } from '../domain/signing-keys/signing-keys.ts';
import { fixUrls } from '../http/fixed-urls.ts';
import type { Tracing } from '../lib/tracing.ts';
import { type AppSignInDeps, addAppSignIn } from './app-sign-in/app-sign-in.ts';
import { redeemWithoutRedirect } from './app-sign-in/issue-code.ts';
import { announceAcrValues } from './authentication/announced-acr.ts';
import { resumeInSameBrowser, type SameBrowserDeps } from './authentication/same-browser.ts';
import { announceBackchannel } from './backchannel/announced.ts';
import { holdPings } from './backchannel/ping.ts';
import { type PollDeps, pollInTurn } from './backchannel/poll.ts';
import type { LogoutQueueDeps } from './backchannel-logout.ts';
import { queueLogouts } from './backchannel-logout.ts';
import { omitEmptyLists } from './configuration/algorithms.ts';
import { type ConfigurationDeps, configuration } from './configuration/configuration.ts';
import { noteRefusals } from './edge/refusals.ts';
import { nameRedirectErrors } from './edge/registration-errors.ts';
import { nameGrantErrors } from './edge/token-errors.ts';
import { checkProgramScopes, refusePublicClient } from './grant-types/client-credentials.ts';
import { checkBearerAssertion, JWT_BEARER, JWT_BEARER_PARAMETERS } from './grant-types/jwt-bearer.ts';
import { addPasswordGrant, type PasswordGrantDeps } from './grant-types/password.ts';
import { type RefreshDeps, repeatableRefresh } from './grant-types/refresh.ts';
import { keepBuiltClients } from './library/built-clients.ts';
import { type CompareSecretsDeps, compareAllSecrets } from './library/client-secrets.ts';
import { type PartnerExchangeDeps, partnerExchange } from './partner-exchange/exchange.ts';
import { refuseAudienceForToken } from './scopes/requested-resource.ts';
import { addTokenExchange, type TokenExchangeDeps } from './token-exchange/exchange.ts';
import { introspectAuthentication } from './tokens/authentication-claims.ts';

export interface ProviderDeps
  extends ConfigurationDeps,
    PasswordGrantDeps,
    RefreshDeps,
    CompareSecretsDeps,
    LogoutQueueDeps,
    PollDeps,
    PartnerExchangeDeps,
    SameBrowserDeps,
    TokenExchangeDeps {
  signingKeys: SigningKeys;
  /** The enabled sign-in methods. */
  methods: readonly MethodName[];
  /** Undefined for a provider that serves no requests. */
  appSignIn: AppSignInDeps | undefined;
  /** Set when requests are traced. */
  tracing?: Tracing | undefined;
}

type Register = Provider['registerGrantType'];
type Names = Parameters<Register>[2];
type Handler<Params extends object> = (ctx: TokenEndpointGrantContext<Params>) => CanBePromise<void>;

/** Removes an empty `scope` from the response with a token for a resource without a scope (RFC 6749 §3.3). */
function omitEmptyScope({ body }: { body: unknown }): void {
  const answer = body as { scope?: string } | undefined;
  if (answer?.scope === '') delete answer.scope;
}

/**
 * Returns a subclass of the library's provider, whose constructor registers its grants through the public method
 * overridden here.
 */
function providerClass(deps: ProviderDeps) {
  const refresh = repeatableRefresh(deps);
  const exchange = partnerExchange(deps);
  const { tracing } = deps;
  const traced = <Params extends object>(name: string, handler: Handler<Params>): Handler<Params> =>
    tracing ? (ctx) => tracing.child(`grant ${name}`, {}, () => handler(ctx)) : handler;
  return class extends Provider {
    override registerGrantType<Params extends object>(
      name: string,
      handler: Handler<Params>,
      params?: Names,
      duplicates?: Names,
    ): void {
      const issue = async (ctx: TokenEndpointGrantContext<Params>): Promise<void> => {
        await handler(ctx);
        omitEmptyScope(ctx);
      };
      const wrapped: Record<string, typeof handler> = {
        authorization_code: async (ctx) => {
          await redeemWithoutRedirect(ctx);
          return exchange(ctx, () => issue(ctx));
        },
        refresh_token: (ctx) => {
          refuseAudienceForToken(ctx);
          return refresh(ctx, () => issue(ctx));
        },
        [CIBA_GRANT]: (ctx) => pollInTurn(deps, ctx, () => issue(ctx)),
        client_credentials: (ctx) => {
          refuseAudienceForToken(ctx);
          refusePublicClient(ctx);
          checkProgramScopes(ctx);
          return issue(ctx);
        },
      };
      super.registerGrantType(name, traced(name, wrapped[name] ?? handler), params, duplicates);
      if (name !== 'client_credentials') return;
      // the same tokens, for programs that authenticate with an assertion
      const forAssertion: typeof handler = async (ctx) => {
        refuseAudienceForToken(ctx);
        await checkBearerAssertion(ctx);
        checkProgramScopes(ctx);
        return issue(ctx);
      };
      super.registerGrantType(JWT_BEARER, traced(JWT_BEARER, forAssertion), [
        ...JWT_BEARER_PARAMETERS,
      ] as unknown as Names);
    }
  };
}

/** Creates a provider with the keys that are currently published. A rotation of keys creates another one. */
export async function createProvider(deps: ProviderDeps): Promise<Provider> {
  const keys = await deps.signingKeys.published();
  const Configured = providerClass(deps);
  const provider = new Configured(deps.issuer, configuration(deps, keys));
  addPasswordGrant(provider, deps);
  addTokenExchange(provider, deps);
  compareAllSecrets(provider, deps);
  keepBuiltClients(provider, deps);
  queueLogouts(provider, deps);
  holdPings(provider);
  announceBackchannel(provider);
  resumeInSameBrowser(provider, deps);
  announceAcrValues(provider, deps);
  introspectAuthentication(provider);
  omitEmptyLists(provider);
  if (deps.appSignIn) addAppSignIn(provider, deps.appSignIn);
  nameRedirectErrors(provider);
  nameGrantErrors(provider);
  noteRefusals(provider);
  // every URL is derived from the issuer; the library would derive them from the request
  fixUrls(provider.request, deps.issuer);
  provider.OIDCContext.prototype.urlFor = function urlFor(name: string, options: unknown): string {
    return provider.urlFor(name, options as never);
  };
  return provider;
}
