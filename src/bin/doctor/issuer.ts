import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../../config/config.ts';
import type { ClientMetadata, StoredClient } from '../../domain/clients/client.ts';
import { DISCOVERY, routes } from '../../oidc/edge/routes.ts';
import { type Check, codeOf, fail, ok, warn } from './check.ts';
import type { IssuerProbe, ProbeAnswer } from './issuer-probe.ts';

const FORGED = 'forged.invalid';
/** The challenge of RFC 7636, appendix B. This request is never completed. */
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** Whether a process on this machine listens on the server's port. */
async function portTaken({ host, port }: Config['server']): Promise<boolean> {
  const probe = createServer();
  try {
    await once(probe.listen(port, host), 'listening');
    return false;
  } catch (error) {
    return codeOf(error) === 'EADDRINUSE';
  } finally {
    probe.close();
  }
}

/** Returns the members of the discovery document whose URLs are not under the issuer. */
function strangeMembers(document: Record<string, unknown>, issuer: string): string[] {
  return Object.entries(document)
    .filter(([name, value]) => /(_endpoint|^jwks_uri)$/.test(name) && typeof value === 'string')
    .filter(([, value]) => !(value as string).startsWith(`${issuer}/`))
    .map(([name]) => name);
}

function discoveryCheck(document: Record<string, unknown> | undefined, issuer: string): Check {
  const name = 'issuer';
  if (document?.issuer === undefined) {
    const message = `the response at ${issuer} does not come from this server`;
    return fail(name, message, 'Another program uses the port, or the proxy forwards to another server.');
  }
  if (document.issuer !== issuer) {
    const message = `the server reports ${String(document.issuer)}, the settings name ${issuer}`;
    return fail(name, message, 'Use the same ISSUER for every server and this command.');
  }
  const strange = strangeMembers(document, issuer);
  if (strange.length === 0) return ok(name, `${issuer} and its endpoints match`);
  return fail(name, `not under the issuer: ${strange.join(', ')}`, 'A proxy rewrites the responses.');
}

/** Checks that a client, or a misconfigured proxy, cannot change the addresses that the server publishes. */
async function forgedHost(probe: IssuerProbe): Promise<Check> {
  const forgeries: Record<string, string>[] = [
    { 'x-forwarded-host': FORGED, 'x-forwarded-proto': 'gopher' },
    { forwarded: `host=${FORGED};proto=gopher` },
    { host: FORGED },
  ];
  const believes = ({ headers, body }: ProbeAnswer): boolean =>
    (body + (headers.location ?? '')).includes(FORGED);
  for (const forgery of forgeries) {
    const answer = await probe.get(DISCOVERY[0], forgery).catch(() => undefined);
    // a dropped connection does not reflect the forged host either
    if (!answer || !believes(answer)) continue;
    const message = `the response contains the ${Object.keys(forgery)[0]} of the request`;
    return fail('forged host', message, 'Configure the proxy to overwrite these headers.');
  }
  return ok('forged host', 'a forged Host or X-Forwarded-Host has no effect');
}

/** Whether this client can start with a plain authorization request. */
const mayBeginPlainly = (metadata: ClientMetadata): boolean =>
  Boolean(metadata.redirect_uris?.length && metadata.response_types?.includes('code')) &&
  metadata.require_pushed_authorization_requests !== true &&
  metadata.require_signed_request_object !== true;

/** Begins a sign-in and checks the cookies that reach a browser. Returns undefined when no client can begin one. */
async function cookieCheck(
  probe: IssuerProbe,
  issuer: string,
  clients: readonly StoredClient[],
): Promise<Check | undefined> {
  const client = clients.find(({ metadata }) => mayBeginPlainly(metadata))?.metadata;
  if (!client) return undefined;
  const query = new URLSearchParams({
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: client.redirect_uris?.[0] ?? '',
    scope: 'openid',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  });
  const { headers } = await probe.get(`${routes.authorization}?${query}`);
  if (!headers.location?.includes('/interaction/')) return undefined;
  const cookies = headers['set-cookie'] ?? [];
  const name = 'cookies';
  if (cookies.length === 0) {
    return warn(name, 'starting a sign-in sets no cookie', 'A proxy removes Set-Cookie.');
  }
  if (!issuer.startsWith('https:')) return ok(name, 'plain http, which is acceptable on this machine only');
  const bare = cookies.filter((cookie) => !/^__(Host|Secure)-.*;\s*secure\b/i.test(cookie));
  if (bare.length === 0) return ok(name, 'Secure, with a __Host- or __Secure- prefix');
  const names = bare.map((cookie) => cookie.split('=', 1)[0]).join(', ');
  return fail(
    name,
    `not Secure: ${names}`,
    'A proxy rewrites Set-Cookie. Configure it to leave the header unchanged.',
  );
}

/** Explains why the issuer does not respond: no server runs, or another program uses its port. */
async function circuitBreaker({ server, environment }: Config, code: string): Promise<Check> {
  const message = `no response from ${server.issuer}: ${code}`;
  if (await portTaken(server)) {
    const holder = `port ${server.port} is in use by another program, or by a server that the issuer URL does not reach`;
    return fail('port', `${message}; ${holder}`, 'Stop that program, set PORT, or correct the proxy.');
  }
  const mend = 'Start the server, or correct the proxy and ISSUER.';
  return (environment === 'production' ? fail : warn)('issuer', message, mend);
}

export interface IssuerReport {
  checks: Check[];
  /** True when the server of this deployment responds at the issuer. */
  serves: boolean;
}

/** Checks what is visible from outside. Sends requests to the issuer only. */
export async function issuerChecks(
  config: Config,
  probe: IssuerProbe,
  clients: readonly StoredClient[],
): Promise<IssuerReport> {
  const { issuer } = config.server;
  let discovery: ProbeAnswer;
  try {
    discovery = await probe.get(DISCOVERY[0]);
  } catch (error) {
    return { checks: [await circuitBreaker(config, codeOf(error))], serves: false };
  }
  const first = discoveryCheck(probe.jsonOf(discovery.body), issuer);
  if (first.status !== 'ok') return { checks: [first], serves: false };
  const cookies = await cookieCheck(probe, issuer, clients);
  return { checks: [first, await forgedHost(probe), ...(cookies ? [cookies] : [])], serves: true };
}
