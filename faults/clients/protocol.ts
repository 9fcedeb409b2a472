import { randomBytes } from 'node:crypto';
import { redeem } from '../../test/concurrency/requests.ts';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { authorizationUrl, BASIC_CLIENT, pkce, signInOnPages } from '../../test/support/sign-in.ts';
import type { Ask, Caller } from '../caller.ts';

export interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** Returns a signed-in browser that has granted the public client the scopes of the tests. */
export async function signedInBrowser(issuer: string): Promise<BrowserAgent> {
  const agent = new BrowserAgent();
  await signInOnPages(agent, authorizationUrl(issuer, pkce().challenge));
  return agent;
}

/** Obtains tokens of the public client, whose refresh tokens rotate. */
export async function publicTokens(issuer: string): Promise<Tokens> {
  const { verifier, challenge } = pkce();
  const url = authorizationUrl(issuer, challenge, {
    scope: 'openid offline_access',
    prompt: 'consent',
    state: randomBytes(8).toString('hex'),
  });
  const back = await signInOnPages(new BrowserAgent(), url);
  const { status, body } = await redeem(issuer, { code: back.searchParams.get('code') ?? '', verifier });
  if (status !== 200) throw new Error(`no tokens to begin with: ${JSON.stringify(body)}`);
  return body as Tokens;
}

/** A token request of the demonstration's first-party client. */
const firstParty = (form: Record<string, string>, expect: readonly number[] = [200]): Ask => ({
  path: '/oauth/token',
  form,
  headers: { authorization: BASIC_CLIENT },
  expect,
});

export const byPassword = (username: string, password: string, expect?: readonly number[]): Ask =>
  firstParty({ grant_type: 'password', username, password }, expect);

export const userinfo = (token: string, expect: readonly number[]): Ask => ({
  path: '/oauth/userinfo',
  headers: { authorization: `Bearer ${token}` },
  expect,
});

/** Whether a token of the first-party client is active. Undefined when no response was received. */
export async function isActive(caller: Caller, token: string): Promise<boolean | undefined> {
  const { reply } = await caller.insist({
    path: '/oauth/introspect',
    form: { token },
    headers: { authorization: BASIC_CLIENT },
    expect: [200],
  });
  return reply && (JSON.parse(reply.text) as { active: boolean }).active;
}
