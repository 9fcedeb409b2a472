import type { Context, Middleware } from 'koa';
import { detailCheck } from '../config/authorization-details.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import type { ClientRegistration } from '../domain/clients/client-registration.ts';
import type { Origin } from '../domain/known-origins/known-origins.ts';
import type { Send } from '../domain/messages/message.ts';
import { adminAudience } from '../domain/operators/role.ts';
import { deploymentValue } from '../domain/secrets/deployment-values.ts';
import { anyFactor, secondFactor } from '../domain/sign-in/requirements.ts';
import type { Metrics } from '../http/metrics.ts';
import type { PreparedAnswer } from '../http/prepared-answer.ts';
import { sameOrigin } from '../http/same-origin.ts';
import type { Clock } from '../lib/clock.ts';
import type { Outbound } from '../lib/outbound.ts';
import { sha256 } from '../lib/sha256.ts';
import type { Tracing } from '../lib/tracing.ts';
import { type BrowserSessions, browserSessions } from '../oidc/authentication/browser-session.ts';
import { type CodeRedemption, codeRedemption } from '../oidc/authentication/code-redemption.ts';
import { type Interactions, interactions } from '../oidc/authentication/interactions.ts';
import { detailTypes } from '../oidc/authorization-details/detail-types.ts';
import { type BackchannelApprovals, backchannelApprovals } from '../oidc/backchannel/approvals.ts';
import { deliverPing } from '../oidc/backchannel/ping.ts';
import { deliverLogout } from '../oidc/backchannel-logout.ts';
import { currentProvider } from '../oidc/current-provider.ts';
import { beginnings } from '../oidc/edge/beginnings.ts';
import { deviceGuesses } from '../oidc/edge/device-guesses.ts';
import { ownForms } from '../oidc/edge/own-forms.ts';
import type { OidcPages } from '../oidc/edge/pages.ts';
import { postToGet } from '../oidc/edge/post-to-get.ts';
import { preparedAnswers } from '../oidc/edge/prepared-answers.ts';
import { oidcSurface } from '../oidc/edge/surface.ts';
import { unitOfWork } from '../oidc/edge/unit-of-work.ts';
import { listenTo } from '../oidc/events.ts';
import { assertionClient } from '../oidc/grant-types/assertion-client.ts';
import { forwardedForms } from '../oidc/library/forwarded-forms.ts';
import { jsonRequests } from '../oidc/partner-exchange/json-requests.ts';
import { partnerForm } from '../oidc/partner-exchange/partner-form.ts';
import { createProvider } from '../oidc/provider.ts';
import { resourceServers } from '../oidc/scopes/resource-servers.ts';
import { allowedRoles } from '../oidc/tokens/allowed-roles.ts';
import { type Bearers, bearers } from '../oidc/tokens/bearer.ts';
import { findAccount } from '../oidc/tokens/find-account.ts';
import { type IssueToken, issueToken } from '../oidc/tokens/issue-token.ts';
import { pairwiseSubject } from '../oidc/tokens/pairwise.ts';
import { type ResourceBearer, resourceBearers } from '../oidc/tokens/resource-bearer.ts';
import { composeAppSignIn } from './app-sign-in.ts';
import { clientRegistration } from './client-registration.ts';
import type { Domain } from './domain.ts';
import { providerRules, signInMethods } from './provider-rules.ts';

interface OidcDeps {
  config: Config;
  clock: Clock;
  domain: Domain;
  database: Database;
  metrics: Metrics;
  tracing?: Tracing | undefined;
  pages: OidcPages;
  fetch: Outbound['fetch'];
  originOf: (ctx: Context) => Origin;
  isRemembered: (ctx: Context, accountId: number) => Promise<boolean>;
  /** Returns the identifier of a browser, or undefined for a browser without one. */
  browserOf: (ctx: Context) => string | undefined;
}

export interface Oidc {
  surface: Middleware;
  /** The cached response for the keys or the metadata, once they have been requested. */
  prepared: (path: string) => PreparedAnswer | undefined;
  unitOfWork: Middleware;
  interactions: Interactions;
  bearers: Bearers;
  /** Returns the caller of the Admin API. */
  adminBearer: (ctx: Context) => Promise<ResourceBearer>;
  registration: ClientRegistration;
  browserSessions: BrowserSessions;
  codeRedemption: CodeRedemption;
  issueToken: IssueToken;
  deliverLogout: Send<'logout'>;
  deliverPing: Send<'ping'>;
  backchannelApprovals: BackchannelApprovals;
  /** Reloads the published keys and the offered methods. */
  reload(): Promise<void>;
}

/** The protocol: oidc-provider with the storage, rules and pages of Pratu. */
export async function composeOidc(deps: OidcDeps): Promise<Oidc> {
  const { config, clock, domain, database, metrics, tracing, originOf } = deps;
  const { issuer, timeZone, bodyBytes } = config.server;
  const { refusals } = domain;
  const types = detailTypes(config.authorizationDetails, detailCheck);
  const salt = await deploymentValue({ db: database.knex, keyring: domain.keyring }, 'pairwise-salt');

  const browserOf = (ctx: Context): string | undefined => {
    const value = deps.browserOf(ctx);
    return value === undefined ? undefined : sha256(value).toString('base64url');
  };
  const requirements = [
    anyFactor,
    secondFactor({
      policy: config.secondFactor.policy,
      secondFactors: domain.secondFactors,
      hasPasskey: domain.hasPasskey,
      credentials: domain.credentials,
    }),
  ];
  const counted = { counters: domain.addressCounters, addressOf: (ctx: Context) => originOf(ctx).address };
  const begun = beginnings({ ...counted, refusals, limits: config.attempts });
  const current = await currentProvider(async () => {
    const provider = await createProvider({
      ...providerRules({ config, domain, clock }),
      appSignIn: composeAppSignIn({
        ...deps,
        methods: signInMethods({ config, domain }),
        requirements,
        beginnings: begun,
      }),
      tracing,
      pages: deps.pages,
      pairwiseSubject: pairwiseSubject(salt),
      findAccount: findAccount({
        accounts: domain.accounts,
        nationalIds: domain.nationalIds,
        allowedRoles: allowedRoles(domain.accountRoles),
        issuer,
        timeZone,
      }),
      fetch: deps.fetch as typeof fetch,
      originOf,
      browserOf,
      onRepeat: () => metrics.refreshRepeated(),
      onReuse: () => metrics.refreshReused(),
      queueLogout: async (message) => void (await domain.outbox.add(message)),
    });
    listenTo(provider, { metrics, lastAccess: domain.lastAccess, refusals });
    return provider;
  });

  const published = preparedAnswers(current);
  const inUnit = unitOfWork({ ...counted, records: domain.records, beginnings: begun });
  return {
    unitOfWork: inUnit,
    prepared: published.prepared,
    surface: oidcSurface({
      bodyBytes,
      ownForms: ownForms(sameOrigin({ issuer, development: config.environment !== 'production' })),
      published: published.middleware,
      unitOfWork: inUnit,
      partnerForm: partnerForm({ clientCache: domain.clientCache, clock }),
      jsonRequests: jsonRequests({ clientCache: domain.clientCache, bodyBytes }),
      assertionClient,
      postToGet: postToGet({
        ...counted,
        refusals,
        records: domain.records,
        clock,
        clients: domain.clientCache,
      }),
      deviceGuesses: deviceGuesses({ ...counted, refusals }),
      forwarded: forwardedForms(deps.pages),
      serve: tracing
        ? (ctx, next) => tracing.child('oidc-provider', {}, () => current.serve(ctx, next))
        : current.serve,
    }),
    interactions: interactions({
      provider: current.get,
      detailTypes: types,
      consents: domain.consents,
      clock,
      get methods() {
        return signInMethods({ config, domain });
      },
      requirements,
      isRemembered: deps.isRemembered,
      browserOf,
      beginnings: begun,
      linkPending: (ctx, interaction, accountId) =>
        domain.upstreamLinks.linkPending({ interaction, browser: deps.browserOf(ctx), accountId }),
    }),
    issueToken: issueToken({ provider: current.get, records: domain.records, tokens: config.tokens }),
    browserSessions: browserSessions({ provider: current.get, records: domain.records }),
    codeRedemption: codeRedemption({ provider: current.get, records: domain.records }),
    registration: clientRegistration({ config, clients: domain.clients, provider: current.get }),
    adminBearer: resourceBearers({
      provider: current.get,
      records: domain.records,
      clock,
      issuer,
      audience: adminAudience(issuer),
    }),
    bearers: bearers({ provider: current.get, records: domain.records }),
    deliverLogout: deliverLogout(current.get),
    deliverPing: deliverPing(current.get),
    backchannelApprovals: backchannelApprovals({
      provider: current.get,
      records: domain.records,
      approvals: domain.approvals,
      consents: domain.consents,
      keyring: domain.keyring,
      resources: resourceServers(config),
      detailTypes: types,
      pingPart: domain.outbox.pingPart,
    }),
    reload: current.reload,
  };
}
