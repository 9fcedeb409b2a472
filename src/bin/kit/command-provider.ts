import { offeredMethods } from '../../domain/sign-in/methods.ts';
import { offlineProvider } from '../../oidc/offline-provider.ts';
import { resourceServers } from '../../oidc/scopes/resource-servers.ts';
import type { CommandContext } from './command-context.ts';

/** The library with the settings of the server, for commands that need its rules. */
export async function commandProvider({
  config,
  domain,
  clock,
}: CommandContext): ReturnType<typeof offlineProvider> {
  await domain.signingKeys.ensure();
  return offlineProvider({
    passwordAuthenticator: domain.passwordAuthenticator,
    mobileChecks: domain.mobileChecks,
    clientCache: domain.clientCache,
    records: domain.records,
    digest: domain.digest,
    query: domain.query,
    signingKeys: domain.signingKeys,
    consents: domain.consents,
    accounts: domain.accounts,
    clients: domain.clients,
    issuer: config.server.issuer,
    clock,
    methods: offeredMethods(domain.channels),
    tokens: config.tokens,
    resources: resourceServers(config),
    cookieKeys: domain.keyring.derive('cookies'),
    repeatSeconds: config.tokens.refreshRepeat,
  });
}
