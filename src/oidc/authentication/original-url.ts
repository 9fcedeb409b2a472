import type { Client } from 'oidc-provider';
import { routes } from '../edge/routes.ts';

/** The maximum length: a longer one does not fit into a cookie together with the rest. */
const LONGEST = 1500;

/** Replaced by the parameters that they contained. */
const NOT_REPEATED: ReadonlySet<string> = new Set(['request', 'request_uri']);

/**
 * Returns the URL that restarts an authorization request in any browser. It does not authenticate the person. Undefined
 * for a device's request, for one that is too long, and for a client whose requests must be pushed or signed.
 */
export function originalUrlOf(
  params: Readonly<Record<string, unknown>>,
  client: Pick<Client, 'requirePushedAuthorizationRequests' | 'requireSignedRequestObject'>,
): string | undefined {
  if (params.response_type === undefined) return undefined;
  if (client.requirePushedAuthorizationRequests || client.requireSignedRequestObject) return undefined;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || NOT_REPEATED.has(name)) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  const address = `${routes.authorization}?${query}`;
  return address.length > LONGEST ? undefined : address;
}
