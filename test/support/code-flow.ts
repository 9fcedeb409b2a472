import { BrowserAgent } from './browser-agent.ts';
import type { TestClient } from './clients.ts';
import { pkce, SOMCHAI, signInOnPages, type Tokens, tokenRequest } from './sign-in.ts';

export type Parameters = Record<string, string | undefined>;

/** The credentials that a person signs in with. */
export interface Person {
  login: string;
  password: string;
}

interface At {
  url: string;
}

/** The redirect back to the client after a sign-in, with the values that the client needs to continue. */
export interface Authorized {
  back: URL;
  code: string;
  verifier: string;
}

const withoutUndefined = (params: Parameters): Record<string, string> =>
  Object.fromEntries(
    Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** The parameters of an authorization request. Parameters that are `undefined` are left out. */
export const requestOf = (client: TestClient, params: Parameters = {}): Record<string, string> =>
  withoutUndefined({
    client_id: client.id,
    response_type: 'code',
    redirect_uri: client.redirectUri,
    scope: 'openid',
    state: 'state-1',
    ...params,
  });

/** The URL of an authorization request. */
export const requestUrl = ({ url }: At, client: TestClient, params: Parameters = {}): string =>
  `${url}/oauth/authorize?${new URLSearchParams(requestOf(client, params))}`;

/** Sends an authorization request with PKCE, then signs in and consents on the pages. */
export async function authorize(
  server: At,
  client: TestClient,
  params: Parameters = {},
  agent = new BrowserAgent(),
  person: Person = SOMCHAI,
): Promise<Authorized> {
  const { verifier, challenge } = pkce();
  const url = requestUrl(server, client, {
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...params,
  });
  const back = await signInOnPages(agent, url, person);
  return { back, code: back.searchParams.get('code') ?? '', verifier };
}

export const basic = ({ id, secret }: TestClient): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

/**
 * Sends a token request of a client, which authenticates by HTTP Basic or, without a secret, by its `client_id`
 * alone.
 */
export const tokenOf = (
  { url }: At,
  client: TestClient,
  fields: Record<string, string>,
): ReturnType<typeof tokenRequest> =>
  client.secret
    ? tokenRequest(url, fields, { authorization: basic(client) })
    : tokenRequest(url, { client_id: client.id, ...fields });

/** Exchanges a code for tokens. */
export const redeem = (
  server: At,
  client: TestClient,
  { code, verifier }: Pick<Authorized, 'code' | 'verifier'>,
  more: Parameters = {},
): ReturnType<typeof tokenRequest> =>
  tokenOf(
    server,
    client,
    withoutUndefined({
      grant_type: 'authorization_code',
      code,
      redirect_uri: client.redirectUri,
      code_verifier: verifier,
      ...more,
    }),
  );

export const refresh = (
  server: At,
  client: TestClient,
  token: string | undefined,
  more: Record<string, string> = {},
): ReturnType<typeof tokenRequest> =>
  tokenOf(server, client, { grant_type: 'refresh_token', refresh_token: token ?? '', ...more });

/** Runs the whole code flow. */
export async function tokensFor(
  server: At,
  client: TestClient,
  params: Parameters = {},
  agent?: BrowserAgent,
): Promise<Tokens> {
  const { status, body } = await redeem(server, client, await authorize(server, client, params, agent));
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

/** Offline access, with repeated consent. */
export const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' } as const;

export const userinfo = ({ url }: At, token: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` }, ...init });

/** Introspects a token as a client (RFC 7662). */
export async function introspect(
  server: At,
  client: TestClient,
  token: string | undefined,
  more: Parameters = {},
) {
  const response = await fetch(`${server.url}/oauth/introspect`, {
    method: 'POST',
    body: new URLSearchParams(withoutUndefined({ token: token ?? '', ...more })),
    headers: { authorization: basic(client) },
  });
  return { response, body: await response.clone().json() };
}
