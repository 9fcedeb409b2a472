import { DEMONSTRATION_OPERATOR } from '../../../src/domain/demonstration/demonstration.ts';
import type { Role } from '../../../src/domain/operators/role.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { checkAnswer } from '../../support/openapi.ts';
import type { TestServer } from '../../support/server.ts';
import { authorizationUrl, pkce, signInOnPages, tokenRequest } from '../../support/sign-in.ts';

export const ADMIN_CLIENT = `Basic ${Buffer.from('admin-api:admin-api-secret').toString('base64')}`;
const CONSOLE = { client_id: 'operators-app', redirect_uri: 'http://localhost:8080/cb' };
export const PASSWORD = 'violet-harbour-lantern';
export { DEMONSTRATION_OPERATOR };

export interface Answer {
  status: number;
  type: string;
  headers: Headers;
  /** The parsed body where it is JSON. */
  body: ReturnType<typeof JSON.parse>;
}

/** Requests a token with the client credentials grant. Its scopes default to all scopes of the client. */
export async function clientToken(server: TestServer, scope: string, headers = {}): Promise<string> {
  const { status, body } = await tokenRequest(
    server.url,
    { grant_type: 'client_credentials', resource: `${server.url}/admin`, scope },
    { authorization: ADMIN_CLIENT, ...headers },
  );
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.access_token;
}

/** Registers the client of an app that operators of a deployment sign in to. */
export async function registerApp(server: TestServer): Promise<void> {
  if (await server.domain.clients.find(CONSOLE.client_id)) return;
  await server.domain.clients.create({
    client_id: CONSOLE.client_id,
    first_party: true,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: [CONSOLE.redirect_uri],
    scope: 'openid',
  });
}

/** Creates a person with a password, and with a role where one is given. */
export async function person(server: TestServer, role?: Role): Promise<{ id: number; email: string }> {
  const email = `person-${randomHex(64)}@example.com`;
  const { id } = await server.domain.lifecycle.create({
    password: PASSWORD,
    contacts: [{ kind: 'email', value: email, verified: true }],
  });
  if (role) await server.domain.operators.add(id, role);
  return { id, email };
}

/** Requests a token for the Admin API by the code flow of a person, with these scopes. */
export async function personToken(server: TestServer, email: string, scope: string): Promise<string> {
  const { verifier, challenge } = pkce();
  const resource = `${server.url}/admin`;
  const url = authorizationUrl(server.url, challenge, { ...CONSOLE, scope: `openid ${scope}`, resource });
  const back = await signInOnPages(new BrowserAgent(), url, { login: email, password: PASSWORD });
  const { status, body } = await tokenRequest(server.url, {
    grant_type: 'authorization_code',
    ...CONSOLE,
    code: back.searchParams.get('code') ?? '',
    code_verifier: verifier,
    resource,
  });
  if (status !== 200) throw new Error(`${back} ${JSON.stringify(body)}`);
  return body.access_token;
}

/** Calls the API. When the operation is named, checks the response against its document. */
export async function call(
  server: TestServer,
  token: string | undefined,
  [method, path]: readonly [string, string],
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${server.url}/admin/v1${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  return {
    status: response.status,
    type,
    headers: response.headers,
    body: /json$/.test(type) && type !== 'application/x-ndjson' ? JSON.parse(text) : text,
  };
}

export { checkAnswer };
