import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { BrowserAgent } from '../test/support/browser-agent.ts';
import {
  authorize,
  type Parameters,
  type Person,
  redeem,
  requestUrl,
  userinfo,
} from '../test/support/code-flow.ts';
import type { Tokens } from '../test/support/sign-in.ts';
import type { RegisteredClient, Target } from './target.ts';

/** Markers of the pages that a person sees. */
export const LOGIN_PAGE = 'name="password"';
export const CONSENT_PAGE = /action="\/interaction\/[\w-]+\/consent"/;

export interface SignedIn {
  agent: BrowserAgent;
  client: RegisteredClient;
  back: URL;
  tokens: Tokens & { id_token: string };
  /** The claims of the ID token, not verified. */
  claims: JWTPayload;
}

export interface SignInOptions {
  client?: RegisteredClient;
  agent?: BrowserAgent;
  person?: Person;
}

/** Completes a code flow with PKCE. Defaults to a newly registered client. */
export async function signIn(
  target: Target,
  params: Parameters = {},
  options: SignInOptions = {},
): Promise<SignedIn> {
  const { agent = new BrowserAgent(), person = target.person } = options;
  const client = options.client ?? (await target.client());
  const authorized = await authorize(target, client, params, agent, person);
  const { status, body } = await redeem(target, client, authorized);
  if (status !== 200) throw new Error(`${authorized.back.search} ${status} ${JSON.stringify(body)}`);
  const tokens = { ...body, id_token: body.id_token ?? '' };
  return { agent, client, back: authorized.back, tokens, claims: decodeJwt(tokens.id_token) };
}

/** Opens an authorization request. Returns the final response: a page, or a redirect to the client. */
export const open = (
  target: Target,
  client: RegisteredClient,
  params: Parameters = {},
  agent = new BrowserAgent(),
): Promise<Response> => agent.follow(requestUrl(target, client, params));

/** Returns the URL of a redirect to the client. Throws for a page. */
export function clientUrl(answer: Response): URL {
  const location = answer.headers.get('location');
  if (!location) throw new Error(`no redirect to the client: ${answer.status}`);
  return new URL(location);
}

/** Returns the `error` parameter of a redirect to the client. */
export const errorAt = (answer: Response): string | null => clientUrl(answer).searchParams.get('error');

export async function userinfoOf(target: Target, token: string): Promise<Record<string, unknown>> {
  const answer = await userinfo(target, token);
  if (answer.status !== 200) throw new Error(`userinfo: ${answer.status}`);
  return answer.json();
}

/** Verifies a JWT of the server with its published keys. */
export async function verified(target: Target, jwt: string, options: { audience?: string } = {}) {
  const keys = createRemoteJWKSet(new URL(target.endpoint('jwks_uri')));
  return jwtVerify(jwt, keys, { issuer: target.url, ...options });
}
