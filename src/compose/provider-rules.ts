import { detailCheck } from '../config/authorization-details.ts';
import type { Config } from '../config/config.ts';
import { consoleOrigin } from '../config/console-origin.ts';
import { hasMutualTls, mutualTlsOrigin } from '../config/mutual-tls.ts';
import { ACCOUNT_CLIENT, CONSOLE_CLIENT } from '../domain/clients/built-in-clients.ts';
import { type MethodName, offeredMethods } from '../domain/sign-in/methods.ts';
import type { Clock } from '../lib/clock.ts';
import { detailTypes } from '../oidc/authorization-details/detail-types.ts';
import type { ProviderDeps } from '../oidc/provider.ts';
import { resourceServers } from '../oidc/scopes/resource-servers.ts';
import { allowedRoles } from '../oidc/tokens/allowed-roles.ts';
import type { Domain } from './domain.ts';

/** Returns the methods that the sign-in pages of this deployment offer. */
export const signInMethods = ({
  config,
  domain,
}: {
  config: Config;
  domain: Pick<Domain, 'channels' | 'relyingParty' | 'upstreamProviders'>;
}): readonly MethodName[] =>
  offeredMethods(domain.channels, {
    passkeys: domain.relyingParty.isUsable,
    emailCodes: config.emailCode.signIn,
    upstream: domain.upstreamProviders.list.length > 0,
  });

/**
 * The storage and rules that the providers of the server and of a command share, without anything specific to a
 * request.
 */
export function providerRules({ config, domain, clock }: { config: Config; domain: Domain; clock: Clock }) {
  return {
    passwordAuthenticator: domain.passwordAuthenticator,
    secondFactors: domain.secondFactors,
    passkeys: domain.passkeys,
    mobileChecks: domain.mobileChecks,
    clientCache: domain.clientCache,
    records: domain.records,
    digest: domain.digest,
    query: domain.query,
    signingKeys: domain.signingKeys,
    consentRecords: domain.consentRecords,
    consents: domain.consents,
    accounts: domain.accounts,
    allowedRoles: allowedRoles(domain.accountRoles),
    clients: domain.clients,
    issuer: config.server.issuer,
    pageCallbacks: new Map([
      [ACCOUNT_CLIENT.id, config.server.issuer + ACCOUNT_CLIENT.callbackPath],
      [CONSOLE_CLIENT.id, consoleOrigin(config) + CONSOLE_CLIENT.callbackPath],
    ]),
    clock,
    methods: signInMethods({ config, domain }),
    mutualTls: { enabled: hasMutualTls(config), origin: mutualTlsOrigin(config) },
    tokens: config.tokens,
    detailTypes: detailTypes(config.authorizationDetails, detailCheck),
    introspection: config.introspection,
    ciba: config.ciba,
    clientDocuments: config.clientDocuments,
    documentCounters: domain.addressCounters,
    approvals: domain.approvals,
    keyring: domain.keyring,
    pollCounters: domain.addressCounters,
    resources: resourceServers(config),
    cookieKeys: domain.keyring.derive('cookies'),
    repeatSeconds: config.tokens.refreshRepeat,
  } satisfies Partial<ProviderDeps>;
}
