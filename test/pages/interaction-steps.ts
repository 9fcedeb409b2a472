import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient, type TestClient } from '../support/clients.ts';
import type { TestServer } from '../support/server.ts';
import { authorizationUrl, pkce } from '../support/sign-in.ts';

/** A sign-in that has started, and its current page. */
export interface Begun {
  agent: BrowserAgent;
  uid: string;
  page: string;
}

/** The id of the sign-in that a page belongs to. */
export const uidOf = (page: string): string => /action="\/interaction\/([\w-]+)\//.exec(page)?.[1] ?? '';

export const csrfOf = (page: string): string => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';

/** Follows an authorization request to its first page. */
export async function begin(
  { url }: Pick<TestServer, 'url'>,
  more: Record<string, string> = {},
  agent = new BrowserAgent(),
): Promise<Begun> {
  const answer = await agent.follow(authorizationUrl(url, pkce().challenge, more));
  const page = await answer.text();
  return { agent, page, uid: uidOf(page) };
}

/** Sends a form as the browser of the page does. Returns the response without following it. */
export const post = (
  { agent, uid, page }: Begun,
  step: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
): Promise<Response> =>
  agent.request(`/interaction/${uid}/${step}`, {
    method: 'POST',
    body: new URLSearchParams({ csrf: csrfOf(page), ...fields }),
    headers,
  });

/** The result of an authorization request without any page: an OAuth error, or `code`. */
export async function silently(
  { url }: Pick<TestServer, 'url'>,
  agent: BrowserAgent,
  more: Record<string, string> = {},
): Promise<string> {
  const answer = await agent.request(authorizationUrl(url, pkce().challenge, { prompt: 'none', ...more }));
  const { searchParams } = new URL(answer.headers.get('location') ?? '');
  return searchParams.get('error') ?? 'code';
}

/** A public client without any consent. */
export const newClient = (server: TestServer, name = 'New app'): Promise<TestClient> =>
  createClient(server, { client_name: name, token_endpoint_auth_method: 'none' });
