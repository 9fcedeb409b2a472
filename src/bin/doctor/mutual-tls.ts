import type { Config } from '../../config/config.ts';
import { hasMutualTls, mutualTlsOrigin } from '../../config/mutual-tls.ts';
import type { StoredClient } from '../../domain/clients/client.ts';
import { routes } from '../../oidc/edge/routes.ts';
import { type Check, codeOf, fail, ok, warn } from './check.ts';
import type { IssuerProbe } from './issuer-probe.ts';

const NAME = 'client certificates';
const LISTED = 5;
/** The shortest plausible prefix of a deployment's network. */
const LEAST_BITS = 8;

type Settings = Pick<Config, 'server' | 'mutualTls'>;

const listed = (clients: readonly StoredClient[]): string =>
  [
    ...clients.slice(0, LISTED).map(({ metadata }) => metadata.client_id),
    ...(clients.length > LISTED ? [`and ${clients.length - LISTED} more`] : []),
  ].join(', ');

const method = ({ metadata }: StoredClient): string => metadata.token_endpoint_auth_method ?? '';

/** Checks that the host for client certificates reaches this server. Returns undefined when it does. */
async function unreachable(origin: string, probe: IssuerProbe): Promise<Check | undefined> {
  const mend = 'Correct mutualTls.host, or the second host of the proxy (docs/mtls.md).';
  try {
    const { status, body } = await probe.get(routes.jwks);
    if (status === 200 && Array.isArray(probe.jsonOf(body)?.keys)) return undefined;
    return fail(NAME, `${origin} does not lead to this server: it answers ${status}`, mend);
  } catch (error) {
    return fail(NAME, `no response from ${origin}: ${codeOf(error)}`, mend);
  }
}

/**
 * Checks that clients with certificates find the endpoints that they need (RFC 8705). Returns undefined when there are
 * no such clients. `probeOf` creates the probe of an origin; it is called only when `serves` is true, that is, when the
 * server runs.
 */
export async function mutualTlsCheck(
  config: Settings,
  clients: readonly StoredClient[],
  { serves, probeOf }: { serves: boolean; probeOf: (origin: string) => IssuerProbe },
): Promise<Check | undefined> {
  const users = clients.filter(
    (one) =>
      method(one).endsWith('tls_client_auth') ||
      one.metadata.tls_client_certificate_bound_access_tokens === true,
  );
  if (!hasMutualTls(config)) {
    if (users.length === 0) return undefined;
    const mend = 'Set mutualTls.header (docs/mtls.md), or change their registrations.';
    return fail(NAME, `mutualTls.header is off, and clients need it: ${listed(users)}`, mend);
  }
  const { proxies, header, envoyVerifies } = config.mutualTls;
  const wide = proxies.filter((network) => Number(network.split('/')[1]) < LEAST_BITS);
  if (wide.length > 0) {
    const message = `callers from ${wide.join(', ')} can use the certificate of any client`;
    return fail(NAME, message, 'Name only the addresses of the proxy in mutualTls.proxies.');
  }
  const origin = mutualTlsOrigin(config);
  const problem = origin !== undefined && serves ? await unreachable(origin, probeOf(origin)) : undefined;
  if (problem) return problem;
  const verified = users.filter((one) => method(one) === 'tls_client_auth');
  if (header === 'envoy' && !envoyVerifies && verified.length > 0) {
    const message = `Envoy does not verify certificates, so that tls_client_auth is refused: ${listed(verified)}`;
    return warn(NAME, message, 'Set mutualTls.envoyVerifies if its validation_context has a trusted_ca.');
  }
  return ok(NAME, `passed on by ${header} from ${proxies.join(', ')}; clients: ${users.length}`);
}
