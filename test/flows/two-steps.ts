import { somebody, PASSWORD as THEIR_PASSWORD, type Visitor } from '../pages/account/visitor.ts';
import { type Begun, begin, post } from '../pages/interaction-steps.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient, type TestClient } from '../support/clients.ts';
import { type Parameters, requestUrl, tokenOf } from '../support/code-flow.ts';
import type { TestServer } from '../support/server.ts';
import { pkce, type Tokens } from '../support/sign-in.ts';
import { type EnrolledApp, enrolApp } from '../support/totp.ts';

export const PASSWORD = THEIR_PASSWORD;

/** A person with an account, and the authenticator app of the account. */
export interface Owner {
  id: number;
  email: string;
  app: EnrolledApp;
}

export async function owner(server: TestServer): Promise<Owner & { visitor: Visitor }> {
  const visitor = await somebody(server);
  return { id: visitor.id, email: visitor.email, app: await enrolApp(server.domain, visitor.id), visitor };
}

/** Creates a client that needs no consent, so that a sign-in consists of its factors only. */
export const firstParty = (server: TestServer, more: Parameters = {}): Promise<TestClient> =>
  createClient(server, { token_endpoint_auth_method: 'none', first_party: true, ...more } as never);

/** The place of a browser after a step: a page of the sign-in, or back at the client. */
export interface At extends Begun {
  status: number;
  /** The page's path below the interaction; empty at its root, undefined at the client. */
  step: string | undefined;
  /** The URL at the client. */
  back: URL | undefined;
}

export async function arrived(agent: BrowserAgent, answer: Response): Promise<At> {
  const next = answer.headers.get('location');
  const page = await answer.text();
  const [, uid = '', step = ''] =
    /\/interaction\/([\w-]+)\/?(.*)$/.exec(new URL(agent.location).pathname) ?? [];
  return {
    agent,
    page,
    uid,
    status: answer.status,
    step: next ? undefined : step,
    back: next ? new URL(next) : undefined,
  };
}

/** A plain client of one server, with the single steps of a sign-in. */
export function twoSteps(server: TestServer, client: TestClient) {
  const { verifier, challenge } = pkce();
  const params = { code_challenge: challenge, code_challenge_method: 'S256' };

  const start = async (more: Parameters = {}, agent = new BrowserAgent()): Promise<At> =>
    arrived(agent, await agent.follow(requestUrl(server, client, { ...params, ...more })));

  /** Sends a form of the sign-in, and follows redirects. */
  async function send(at: Begun, step: string, fields: Record<string, string>): Promise<At> {
    const answer = await post(at, step, fields);
    const next = answer.headers.get('location');
    return arrived(at.agent, next && answer.status === 303 ? await at.agent.follow(next) : answer);
  }

  const password = (at: Begun, login: string): Promise<At> =>
    send(at, 'login', { login, password: PASSWORD });
  const second = (at: Begun, code: string, more: Record<string, string> = {}): Promise<At> =>
    send(at, 'second-factor', { code, ...more });

  /** Continues to the page of the second factor. */
  const toSecond = async (
    { email }: Pick<Owner, 'email'>,
    more: Parameters = {},
    agent = new BrowserAgent(),
  ): Promise<At> => password(await start(more, agent), email);

  async function tokens({ back }: At): Promise<Tokens> {
    const code = back?.searchParams.get('code') ?? '';
    const { status, body } = await tokenOf(server, client, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: client.redirectUri,
      code_verifier: verifier,
    });
    if (status !== 200) throw new Error(`${back}: ${JSON.stringify(body)}`);
    return body;
  }

  /** The result of a request without any page: an OAuth error, `code`, or `a page`. */
  const silently = async (agent: BrowserAgent, more: Parameters = {}): Promise<string> => {
    const { back } = await start({ prompt: 'none', ...more }, agent);
    return back?.searchParams.get('error') ?? (back?.searchParams.has('code') ? 'code' : 'a page');
  };

  return { start, send, password, second, toSecond, tokens, silently, verifier, challenge };
}

export type TwoSteps = ReturnType<typeof twoSteps>;

export interface SignInClaims {
  sub: string;
  acr: string;
  amr: string[];
  auth_time: number;
}

/** The claims of an ID token. Its signature is verified by the tests of tokens. */
export const claimsOf = ({ id_token = '' }: Pick<Tokens, 'id_token'>): SignInClaims =>
  JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString());

export { begin };
