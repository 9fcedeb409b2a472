import type { Context, Middleware } from 'koa';
import { type AdminDeps, adminApi } from '../apis/admin/admin.ts';
import { serveApi } from '../apis/api.ts';
import { contract } from '../apis/contract.ts';
import { customersApi } from '../apis/customers/customers.ts';
import { keysApi } from '../apis/keys/keys.ts';
import { partnersApi } from '../apis/partners/partners.ts';
import { selfServiceApi } from '../apis/self-service/self-service.ts';
import type { Config } from '../config/config.ts';
import type { Origin } from '../domain/known-origins/known-origins.ts';
import { firstPartyClient } from '../http/basic-client.ts';
import type { Clock } from '../lib/clock.ts';
import { FIRST_PARTY_SCOPE } from '../oidc/scopes/scopes.ts';
import type { Bearer, Bearers } from '../oidc/tokens/bearer.ts';
import type { IssueToken } from '../oidc/tokens/issue-token.ts';
import type { Domain } from './domain.ts';
import { VERSION } from './version.ts';

interface ApisDeps {
  config: Config;
  domain: Domain;
  clock: Clock;
  bearers: Bearers;
  adminBearer: AdminDeps['findBearer'];
  registration: AdminDeps['registration'];
  issueToken: IssueToken;
  originOf: (ctx: Context) => Origin;
}

const OPENAPI = new URL('../../openapi/', import.meta.url);

/** The APIs for other systems. Each is a value that one loop serves. */
export function composeApis({
  config,
  domain,
  clock,
  bearers,
  adminBearer,
  registration,
  issueToken,
  originOf,
}: ApisDeps): Middleware[] {
  const { issuer, bodyBytes, timeZone } = config.server;
  const checkAnswers = config.environment === 'test';
  /** Records a request with a customer's token as an access to the account through the app's channel. */
  async function used(bearer: Bearer): Promise<Bearer> {
    const client = await domain.clientCache.find(bearer.clientId);
    domain.lastAccess.note(bearer.accountId, client?.metadata.channel);
    return bearer;
  }
  const customers = customersApi({
    lookups: domain.lookups,
    images: domain.images,
    findMobile: domain.findMobile,
    passwordChange: domain.passwordChange,
    mobileChange: domain.mobileChange,
    emailLinks: domain.emailLinks,
    reauthentication: domain.reauthentication,
    accounts: domain.accounts,
    nationalIds: domain.nationalIds,
    titles: domain.titles,
    registration: domain.registration,
    codes: domain.codes,
    contract: contract(new URL('customers.yaml', OPENAPI), { checkAnswers }),
    bodyBytes,
    issuer,
    originOf,
    firstPartyClient: firstPartyClient(domain.clientCache),
    revealMobile: config.forgotPassword.revealMobile,
    authenticate: async (ctx) => used(await bearers.of(ctx, FIRST_PARTY_SCOPE)),
    revoke: bearers.revoke,
    reading: () => ({ countries: config.oneTimeCodes.countries, today: clock.now(), timeZone }),
  });
  const { verifyDeprecated, verifySunset } = config.partners;
  const partners = partnersApi({
    accountSearch: domain.accountSearch,
    accounts: domain.accounts,
    bindings: domain.bindings,
    partners: domain.partners,
    contract: contract(new URL('partners.yaml', OPENAPI), { checkAnswers }),
    bodyBytes,
    issuer,
    findBearer: bearers.find,
    verify: { deprecated: new Date(verifyDeprecated), sunset: new Date(verifySunset) },
  });
  const keys = keysApi({
    accounts: domain.accounts,
    locations: domain.locations,
    emailRegistration: domain.emailRegistration,
    passwordAuthenticator: domain.passwordAuthenticator,
    facebook: domain.facebook,
    passwordReset: domain.passwordReset,
    pushDevices: domain.pushDevices,
    contract: contract(new URL('keys.yaml', OPENAPI), { checkAnswers }),
    bodyBytes,
    timeZone,
    originOf,
    clientId: 'keys',
    alwaysOk: config.keysApi.alwaysOk,
    issueKey: (account, by) => issueToken({ client: 'keys', account, by }),
    callerOf: (ctx, key) => bearers.ofToken(ctx, key, FIRST_PARTY_SCOPE),
    bearerOf: (ctx) => bearers.of(ctx, FIRST_PARTY_SCOPE),
    revoke: bearers.revoke,
  });
  const selfService = selfServiceApi({
    activation: domain.activation,
    passwordReset: domain.passwordReset,
    lifecycle: domain.lifecycle,
    profileChanges: domain.profileChanges,
    passwordAuthenticator: domain.passwordAuthenticator,
    contract: contract(new URL('self-service.yaml', OPENAPI), { checkAnswers }),
    bodyBytes,
    originOf,
    clientId: 'self-service',
    issueToken: (account) => issueToken({ client: 'self-service', account, by: 'password' }),
    callerOf: (ctx, token) => bearers.ofToken(ctx, token, FIRST_PARTY_SCOPE),
  });
  const admin = adminApi({
    contract: contract(new URL('admin.yaml', OPENAPI), { checkAnswers }),
    findBearer: adminBearer,
    needsSecondFactor: config.console.secondFactor === 'required',
    accountImport: domain.accountImport,
    contactChanges: domain.contactChanges,
    passwordResets: domain.passwordResets,
    originOf,
    clients: domain.clients,
    registration,
    messageQueue: domain.messageQueue,
    operators: domain.operators,
    operatedProviders: domain.operatedProviders,
    connectionTest: domain.connectionTest,
    webhooks: domain.webhooks,
    webhookDeliveries: domain.webhookDeliveries,
    refusals: domain.refusals,
    clientCache: domain.clientCache,
    idempotentResponses: domain.idempotentResponses,
    heldAuthenticators: domain.heldAuthenticators,
    bodyBytes,
    accountListing: domain.accountListing,
    accountRoles: domain.accountRoles,
    accountDetails: domain.accountDetails,
    accountReads: domain.accountReads,
    accountEdits: domain.accountEdits,
    lifecycle: domain.lifecycle,
    releases: domain.releases,
    locks: domain.locks,
    issuer,
    now: () => clock.now(),
    sessions: domain.sessions,
    consentRecordPages: domain.consentRecordPages,
    consents: domain.consents,
    erasureReceiptPages: domain.erasureReceiptPages,
    erasureReceipts: domain.erasureReceipts,
    accessGrants: domain.accessGrants,
    auditSearch: domain.auditSearch,
    overview: domain.overview,
    traces: domain.traces,
    signingKeys: domain.signingKeys,
    version: VERSION,
    announceSeconds: (2 * config.jobs.invalidationMs) / 1000,
  });
  return [serveApi(admin), serveApi(customers), serveApi(partners), serveApi(selfService), serveApi(keys)];
}
