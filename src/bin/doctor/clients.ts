import type { Domain } from '../../compose/domain.ts';
import type { Config } from '../../config/config.ts';
import type { StoredClient } from '../../domain/clients/client.ts';
import { openDemonstration } from '../../domain/demonstration/refuse.ts';
import { isLoopbackName } from '../../lib/loopback.ts';
import { type Check, fail, ok, warn } from './check.ts';

const NAME = 'redirect URIs';
const LISTED = 5;

interface Registered {
  client: string;
  uri: string;
  url: URL;
}

function registered(clients: readonly StoredClient[]): Registered[] {
  return clients.flatMap(({ metadata }) =>
    (metadata.redirect_uris ?? []).flatMap((uri) => {
      const url = URL.parse(uri);
      return url ? [{ client: metadata.client_id, uri, url }] : [];
    }),
  );
}

const listed = (found: readonly Registered[]): string => {
  const some = found.slice(0, LISTED).map(({ client, uri }) => `${client}: ${uri}`);
  return [...some, ...(found.length > LISTED ? [`and ${found.length - LISTED} more`] : [])].join('; ');
};

/** Reports redirect URIs through which an authorization code could reach another party. */
export function redirectUriChecks(
  clients: readonly StoredClient[],
  environment: Config['environment'],
): Check[] {
  const all = registered(clients);
  const production = environment === 'production';
  const isWeb = ({ url }: Registered): boolean => /^https?:$/.test(url.protocol);
  const plain = all.filter(({ url }) => url.protocol === 'http:' && !isLoopbackName(url.hostname));
  const wild = all.filter(({ uri }) => uri.includes('*'));
  const local = production ? all.filter((one) => isWeb(one) && isLoopbackName(one.url.hostname)) : [];
  const checks = [
    ...(plain.length > 0
      ? [
          (production ? fail : warn)(
            NAME,
            `plain http URIs: ${listed(plain)}`,
            'Register https URIs instead.',
          ),
        ]
      : []),
    ...(wild.length > 0
      ? [
          fail(
            NAME,
            `look like patterns, but URIs are compared exactly: ${listed(wild)}`,
            'Register complete URIs.',
          ),
        ]
      : []),
    ...(local.length > 0
      ? [
          warn(
            NAME,
            `localhost in production: ${listed(local)}`,
            'Remove them. Only native apps need loopback URIs.',
          ),
        ]
      : []),
  ];
  return checks.length > 0 ? checks : [ok(NAME, `${all.length} registered, no problems found`)];
}

async function demonstrationSecrets(domain: Domain, environment: Config['environment']): Promise<Check> {
  const name = 'demonstration secrets';
  if (environment !== 'production') return ok(name, 'allowed in this environment');
  const open = await openDemonstration(domain);
  if (open.length === 0) return ok(name, 'none');
  return fail(
    name,
    `publicly known secrets: ${open.join(', ')}`,
    'Remove them, or change their secrets with: pratu client rotate-secret <id>',
  );
}

export async function clientChecks(domain: Domain, environment: Config['environment']): Promise<Check[]> {
  return [
    ...redirectUriChecks(await domain.clients.list(), environment),
    await demonstrationSecrets(domain, environment),
  ];
}
