import { createHash, randomBytes } from 'node:crypto';
import { DEMONSTRATION_ACCOUNT } from '../../src/domain/demonstration/demonstration.ts';
import { BrowserAgent } from './browser-agent.ts';

export const SOMCHAI = { login: DEMONSTRATION_ACCOUNT.mobile, password: DEMONSTRATION_ACCOUNT.password };

export interface Pkce {
  verifier: string;
  challenge: string;
}

export const pkce = (): Pkce => {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
};

/** The URL of an authorization request. Its client defaults to the demonstration's public client. */
export function authorizationUrl(
  issuer: string,
  challenge: string,
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams({
    client_id: 'spa',
    response_type: 'code',
    redirect_uri: 'http://localhost:8080/cb',
    scope: 'openid',
    state: 'state-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  });
  return `${issuer}/oauth/authorize?${query}`;
}

/**
 * Signs in and consents on the pages, as a person who postpones decisions about contacts. Returns the URL of the
 * client at which the flow ends.
 */
export async function signInOnPages(
  agent: BrowserAgent,
  url: string,
  { login, password }: { login: string; password: string } = SOMCHAI,
): Promise<URL> {
  let answer = await agent.follow(url);
  for (let step = 0; step < 4; step += 1) {
    const next = answer.headers.get('location');
    if (next) return new URL(next, agent.location);
    const page = await answer.text();
    const uid = /\/interaction\/([\w-]+)\//.exec(page)?.[1];
    if (!uid)
      throw new Error(`no sign-in page at ${agent.location} (${answer.status}): ${page.slice(0, 500)}`);
    const isLogin = page.includes('name="password"');
    const isContacts = page.includes(`/interaction/${uid}/contacts"`);
    if (isLogin) answer = await agent.submit(`/interaction/${uid}/login`, { login, password }, page);
    else if (isContacts)
      answer = await agent.submit(`/interaction/${uid}/contacts`, { answer: 'later' }, page);
    else answer = await agent.submit(`/interaction/${uid}/consent`, {}, page);
  }
  throw new Error(`the sign-in did not end: ${answer.status} at ${agent.location}`);
}

export interface Tokens {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  expires_in: number;
  scope: string;
  token_type: string;
}

/** Sends a request to the token endpoint. */
export async function tokenRequest(
  issuer: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{
  status: number;
  body: Tokens & { error?: string; error_description?: string };
  headers: Headers;
}> {
  const answer = await fetch(`${issuer}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
  });
  return { status: answer.status, body: await answer.json(), headers: answer.headers };
}

/** Signs in for the public client and exchanges the code. */
export async function tokensByCode(issuer: string, more: Record<string, string> = {}): Promise<Tokens> {
  const { verifier, challenge } = pkce();
  const back = await signInOnPages(new BrowserAgent(), authorizationUrl(issuer, challenge, more));
  const { body, status } = await tokenRequest(issuer, {
    grant_type: 'authorization_code',
    client_id: 'spa',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: 'http://localhost:8080/cb',
    code_verifier: verifier,
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

export const BASIC_CLIENT = `Basic ${Buffer.from('client:secret').toString('base64')}`;

/** Requests tokens for the demonstration's first-party client with the password grant. */
export const tokensByPassword = async (
  issuer: string,
  more: Record<string, string> = {},
): Promise<Tokens> => {
  const { login: username, password } = SOMCHAI;
  const { body, status } = await tokenRequest(
    issuer,
    { grant_type: 'password', username, password, ...more },
    { authorization: BASIC_CLIENT },
  );
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
};
