import type { Context, Middleware } from 'koa';
import type { Domain } from './compose-domain.ts';
import type { Config } from './config/config.ts';
import type { Database } from './db/database.ts';
import { deploymentValue } from './domain/keys/deployment-values.ts';
import type { Origin } from './domain/known-origins/known-origins.ts';
import type { Send } from './domain/messages/message.ts';
import type { Metrics } from './http/metrics.ts';
import { sameOrigin } from './http/same-origin.ts';
import type { Clock } from './lib/clock.ts';
import type { Outbound } from './lib/outbound.ts';
import { waysBy } from './oidc/authentication.ts';
import { deliverLogout } from './oidc/backchannel-logout.ts';
import { type Bearers, bearers } from './oidc/bearer.ts';
import { beginnings } from './oidc/beginnings.ts';
import { type BrowserSessions, browserSessions } from './oidc/browser-session.ts';
import { currentProvider } from './oidc/current-provider.ts';
import { deviceGuesses } from './oidc/device-guesses.ts';
import { listenTo } from './oidc/events.ts';
import { findAccount } from './oidc/find-account.ts';
import { forwardedForms } from './oidc/forwarded-forms.ts';
import { type Interactions, interactions } from './oidc/interactions.ts';
import { type IssueToken, issueToken } from './oidc/issue-token.ts';
import { ownForms } from './oidc/own-forms.ts';
import type { OidcPages } from './oidc/pages.ts';
import { pairwiseSubject } from './oidc/pairwise.ts';
import { jsonRequests } from './oidc/partner-exchange/json-requests.ts';
import { partnerForm } from './oidc/partner-exchange/partner-form.ts';
import { postToGet } from './oidc/post-to-get.ts';
import { createProvider } from './oidc/provider.ts';
import { oidcSurface } from './oidc/surface.ts';
import { unitOfWork } from './oidc/unit-of-work.ts';

interface OidcDeps {
  config: Config;
  clock: Clock;
  domain: Domain;
  database: Database;
  metrics: Metrics;
  pages: OidcPages;
  fetch: Outbound['fetch'];
  originOf: (ctx: Context) => Origin;
}

export interface Oidc {
  surface: Middleware;
  unitOfWork: Middleware;
  interactions: Interactions;
  bearers: Bearers;
  browserSessions: BrowserSessions;
  issueToken: IssueToken;
  deliverLogout: Send<'logout'>;
  /** Takes up the keys that are published now. */
  reload(): Promise<void>;
}

/** The protocol: the library with our storage, rules and pages. */
export async function composeOidc(deps: OidcDeps): Promise<Oidc> {
  const { config, clock, domain, database, metrics, originOf } = deps;
  const { issuer, timeZone, bodyBytes } = config.server;
  const salt = await deploymentValue({ db: database.knex, keyring: domain.keyring }, 'pairwise-salt');

  const ways = waysBy(domain.channels);
  const current = await currentProvider(async () => {
    const provider = await createProvider({
      ...domain,
      issuer,
      clock,
      ways,
      tokens: config.tokens,
      resources: config.resources,
      cookieKeys: domain.keyring.derive('cookies'),
      pages: deps.pages,
      pairwiseSubject: pairwiseSubject(salt),
      findAccount: findAccount({ ...domain, issuer, timeZone }),
      fetch: deps.fetch as typeof fetch,
      originOf,
      repeatSeconds: config.tokens.refreshRepeat,
      onRepeat: () => metrics.refreshRepeated(),
      queueLogout: async (message) => void (await domain.outbox.add(message)),
    });
    listenTo(provider, { metrics, lastAccess: domain.lastAccess });
    return provider;
  });

  const counted = { counters: domain.addressCounters, addressOf: (ctx: Context) => originOf(ctx).address };
  const begun = beginnings({ ...counted, limits: config.attempts });
  const inUnit = unitOfWork({ ...counted, records: domain.records, beginnings: begun });
  return {
    unitOfWork: inUnit,
    surface: oidcSurface({
      bodyBytes,
      ownForms: ownForms(sameOrigin({ issuer, development: config.environment !== 'production' })),
      unitOfWork: inUnit,
      partnerForm: partnerForm({ clientCache: domain.clientCache, clock }),
      jsonRequests: jsonRequests({ clientCache: domain.clientCache, bodyBytes }),
      postToGet: postToGet({ ...counted, records: domain.records, clock, clients: domain.clientCache }),
      deviceGuesses: deviceGuesses(counted),
      forwarded: forwardedForms(deps.pages),
      serve: current.serve,
    }),
    interactions: interactions({
      provider: current.get,
      consents: domain.consents,
      clock,
      ways,
      beginnings: begun,
    }),
    issueToken: issueToken({ provider: current.get, records: domain.records, tokens: config.tokens }),
    browserSessions: browserSessions({ provider: current.get, records: domain.records }),
    bearers: bearers({ provider: current.get, records: domain.records }),
    deliverLogout: deliverLogout(current.get),
    reload: current.reload,
  };
}
