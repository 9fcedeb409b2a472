import { type Client, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Config } from '../../config/config.ts';
import type { Counters } from '../../domain/rate-limits/counters.ts';
import { addressKey } from '../../lib/addresses.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import { sha256 } from '../../lib/sha256.ts';
import { DEFAULT_CLIENT_SCOPE, OPERATOR_SCOPES, scopesOf } from '../scopes/scopes.ts';

export interface ClientDocumentsDeps {
  clientDocuments: Config['clientDocuments'];
  documentCounters: Pick<Counters, 'consumeAll'>;
  originOf: (ctx: KoaContextWithOIDC) => { address: string; device?: string };
  fetch: NonNullable<Configuration['fetch']>;
}

/** The implemented draft: `client_id` is a URL, and the registration is the document at that URL. */
const DRAFT = 'draft-02';
/**
 * In seconds. Long enough that a sign-in needs no second request, regardless of the cache headers of the document's
 * host.
 */
const CACHE = { min: 900, max: 86_400 };
/** The maximum number of fetches in an hour that requests from one address cause. No caller is authenticated yet. */
const PER_ADDRESS = 20;
/** The maximum length of a document, in characters. The draft recommends 5 kilobytes. */
const LONGEST = 10_240;

/**
 * The members that are read from a document. All others are ignored, among them Pratu's own members, those that contain
 * further URLs to fetch, and images.
 */
const MEMBERS = [
  'client_id',
  'client_name',
  'client_uri',
  'redirect_uris',
  'policy_uri',
  'tos_uri',
  'application_type',
  'grant_types',
  'response_types',
  'scope',
  'token_endpoint_auth_method',
] as const;

const GRANTS: readonly string[] = ['authorization_code', 'refresh_token'];

const isAllowed = (host: string, hosts: readonly string[]): boolean =>
  hosts.some((one) => one === '*' || one === host || (one.startsWith('*.') && host.endsWith(one.slice(1))));

/**
 * Returns the members of a document, completed as those of a public client. Throws for anything that is not such a
 * document.
 */
function registrationIn(text: string): Record<string, unknown> {
  if (text.length > LONGEST) throw new Error('the document is too large');
  const found: unknown = JSON.parse(text);
  if (typeof found !== 'object' || found === null) throw new Error('the document is not an object');
  const document = found as Record<string, unknown>;
  const kept = Object.fromEntries(
    MEMBERS.filter((name) => name in document).map((name) => [name, document[name]]),
  );
  const scopes = scopesOf(typeof kept.scope === 'string' ? kept.scope : DEFAULT_CLIENT_SCOPE);
  const grants = [kept.grant_types ?? ['authorization_code']].flat() as unknown[];
  return {
    ...kept,
    token_endpoint_auth_method: kept.token_endpoint_auth_method ?? 'none',
    grant_types: grants.filter((grant) => GRANTS.includes(String(grant))),
    response_types: ['code'],
    scope: scopes.filter((scope) => !OPERATOR_SCOPES.has(scope)).join(' ') || 'openid',
  };
}

/**
 * Supports client ID metadata documents (draft-ietf-oauth-client-id-metadata-document), for clients that no operator
 * has registered. `feature` is undefined unless enabled. `fetch` replaces the content of a document before the library
 * reads it.
 */
export function clientDocuments(deps: ClientDocumentsDeps) {
  const { clientDocuments: settings, documentCounters, originOf, fetch } = deps;
  const expected = new Set<string>();

  /**
   * Counts a fetch for the caller's address, the document and its host, or for none of them: neither one address nor
   * one document can use up what its host has for all clients.
   */
  async function allowFetch(ctx: KoaContextWithOIDC | undefined, id: string): Promise<boolean> {
    const { hostname } = new URL(id);
    if (!isAllowed(hostname, settings.hosts)) return false;
    const perHost = settings.fetchesPerHour;
    const counted = [
      ...(ctx
        ? [{ name: `client documents by ${addressKey(originOf(ctx).address)}`, limit: PER_ADDRESS }]
        : []),
      { name: `client document at ${sha256(id).toString('base64url')}`, limit: Math.ceil(perHost / 2) },
      { name: `client document ${hostname}`, limit: perHost },
    ];
    const refused = await documentCounters.consumeAll(
      counted.map((one) => ({ ...one, windowSeconds: HOUR_SECONDS })),
    );
    if (refused) return false;
    expected.add(id);
    // the library fetches in this turn of the event loop, unless it has the document or is waiting for it by now
    setImmediate(() => expected.delete(id));
    return true;
  }

  /**
   * Accepts only public clients, which use PKCE: the secret of any other client would be in a public document. Throws
   * `InvalidClient` for another authentication method.
   */
  function allowClient(_ctx: unknown, client: Client): boolean {
    if (client.tokenEndpointAuthMethod !== 'none')
      throw new errors.InvalidClient(
        'token_endpoint_auth_method of a client_id metadata document must be none',
      );
    return client.first_party !== true;
  }

  return {
    feature: settings.enabled
      ? ({ enabled: true, ack: DRAFT, allowFetch, allowClient, cacheDuration: CACHE } as const)
      : undefined,
    fetch: (async (url: string | URL, options?: RequestInit) => {
      // before the request, which may fail: entries for made-up addresses must not accumulate
      const isDocument = expected.delete(String(url));
      const response = await fetch(url as never, options as never);
      if (!isDocument || response.status !== 200) return response;
      const { headers } = response;
      return new Response(JSON.stringify(registrationIn(await response.text())), { headers });
    }) as NonNullable<Configuration['fetch']>,
  };
}
