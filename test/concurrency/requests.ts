import type { BrowserAgent } from '../support/browser-agent.ts';
import { authorizationUrl, BASIC_CLIENT, pkce, signInOnPages, tokenRequest } from '../support/sign-in.ts';

type Answer = Awaited<ReturnType<typeof tokenRequest>>;

const REDIRECT_URI = 'http://localhost:8080/cb';

export interface Code {
  code: string;
  verifier: string;
}

/** Requests a code for the public client. An agent that is signed in gets it without a page. */
export async function newCode(
  url: string,
  agent: BrowserAgent,
  more: Record<string, string> = {},
): Promise<Code> {
  const { verifier, challenge } = pkce();
  const back = await signInOnPages(agent, authorizationUrl(url, challenge, more));
  return { code: back.searchParams.get('code') ?? '', verifier };
}

export const redeem = (
  url: string,
  { code, verifier }: Code,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  tokenRequest(
    url,
    {
      grant_type: 'authorization_code',
      client_id: 'spa',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
    },
    headers,
  );

/** Refreshes as the public client, whose tokens rotate. Returns the body as received. */
export async function refresh(
  url: string,
  refreshToken: string,
  more: Record<string, string> = {},
): Promise<{ status: number; text: string; refreshToken: string; accessToken: string; error?: string }> {
  const answer = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'spa',
      refresh_token: refreshToken,
      ...more,
    }),
  });
  const text = await answer.text();
  const body = JSON.parse(text);
  return {
    status: answer.status,
    text,
    refreshToken: body.refresh_token,
    accessToken: body.access_token,
    error: body.error,
  };
}

/** Refreshes as the confidential client, whose token stays. */
export const refreshKept = (url: string, refreshToken: string): Promise<Answer> =>
  tokenRequest(
    url,
    { grant_type: 'refresh_token', refresh_token: refreshToken },
    { authorization: BASIC_CLIENT },
  );

export const userinfoStatus = async (url: string, accessToken: string): Promise<number> =>
  (await fetch(`${url}/oauth/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })).status;

/** Whether a token that was issued to the confidential client is active. */
export async function isActive(url: string, token: string): Promise<boolean> {
  const answer = await fetch(`${url}/oauth/introspect`, {
    method: 'POST',
    body: new URLSearchParams({ token }),
    headers: { authorization: BASIC_CLIENT },
  });
  return ((await answer.json()) as { active: boolean }).active;
}

/** Whether the agent's session signs it in without a page. */
export async function isSignedIn(url: string, agent: BrowserAgent): Promise<boolean> {
  const { challenge } = pkce();
  const answer = await agent.request(authorizationUrl(url, challenge, { prompt: 'none' }));
  return new URL(answer.headers.get('location') ?? '', url).searchParams.has('code');
}
