import { randomBytes, randomInt } from 'node:crypto';
import { DEMONSTRATION_ACCOUNT } from '../../src/domain/demonstration/demonstration.ts';
import { authorizationUrl, BASIC_CLIENT, pkce } from '../../test/support/sign-in.ts';
import { Browser } from './browser.ts';
import type { Target } from './target.ts';

/** A repeated action. It throws when a response is not the expected one. */
export interface Actor {
  name: string;
  /** How many run in parallel. */
  count: number;
  /** The minimum time between the starts of two repetitions. */
  everyMs: number;
  /** Starts one of them and returns its action. */
  begin(target: Target): () => Promise<void>;
}

const SERVICE = `Basic ${btoa('service:service-secret')}`;
const PARTNER = {
  'X-Client-Identifier': '2171',
  'X-Client-Secret': '17e2236b665fadebe3c8d9515a0a6b19',
};
const PERSON = { login: DEMONSTRATION_ACCOUNT.mobile, password: DEMONSTRATION_ACCOUNT.password };

async function expectStatus(answer: Response, status: number, what: string): Promise<Record<string, string>> {
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${what}: ${answer.status} ${text.slice(0, 100)}`);
  return text.startsWith('{') ? JSON.parse(text) : {};
}

const form = async (
  target: Target,
  path: string,
  fields: Record<string, string>,
  authorization?: string,
  status = 200,
): Promise<Record<string, string>> => {
  const headers = authorization ? { authorization } : undefined;
  const body = new URLSearchParams(fields);
  const answer = await target.fetch(path, { method: 'POST', body, ...(headers ? { headers } : {}) });
  return expectStatus(answer, status, `${path} ${fields.grant_type ?? ''}`);
};

const byPassword = (target: Target, password: string, status = 200) =>
  form(
    target,
    '/oauth/token',
    { grant_type: 'password', username: PERSON.login, password, scope: 'openid email' },
    BASIC_CLIENT,
    status,
  );

const titleOf = (page: string): string | undefined => /<title>([^<]*)/.exec(page)?.[1];

/** Obtains a code and tokens for the public client: with the browser's session, or else with a sign-in on the pages. */
async function authorize(
  target: Target,
  browser: Browser,
  more: Record<string, string>,
): Promise<Record<string, string>> {
  // renews the session early, because its end during the action would be an error
  if (performance.now() - browser.signedInAt > SESSION_MS) browser.forgetSession();
  const { verifier, challenge } = pkce();
  const { pathname, search } = new URL(authorizationUrl(target.issuer, challenge, more));
  let at = await browser.go(pathname + search);
  for (let step = 0; !at.away && step < 3; step += 1) {
    const uid = /\/interaction\/([\w-]+)\//.exec(at.page)?.[1];
    if (!uid) throw new Error(`/oauth/authorize: ${at.status} ${titleOf(at.page)}`);
    const isLogin = at.page.includes('name="password"');
    if (isLogin) browser.signedInAt = performance.now();
    at = await browser.submit(
      `/interaction/${uid}/${isLogin ? 'login' : 'consent'}`,
      isLogin ? PERSON : {},
      at.page,
    );
  }
  const code = at.away?.searchParams.get('code');
  if (!code) throw new Error(`no code: ${at.away?.search ?? `${at.status} ${titleOf(at.page)}`}`);
  return form(target, '/oauth/token', {
    grant_type: 'authorization_code',
    client_id: 'spa',
    code,
    redirect_uri: 'http://localhost:8080/cb',
    code_verifier: verifier,
  });
}

/** How long a browser uses its session, which is less than the lifetime of the session. */
const SESSION_MS = 10_000;
/** The number of refreshes in a chain, which has to end before its absolute lifetime. */
const CHAIN = 15;

/** The mix of a deployment: mostly programs, some people. */
export const ACTORS: readonly Actor[] = [
  {
    name: 'client credentials',
    count: 4,
    everyMs: 200,
    begin: (target) => async () => {
      await form(target, '/oauth/token', { grant_type: 'client_credentials' }, SERVICE);
    },
  },
  {
    name: 'refresh chains',
    count: 6,
    everyMs: 400,
    begin(target) {
      const browser = new Browser(target);
      let token = '';
      let left = 0;
      return async () => {
        if (left === 0) {
          const offline = { scope: 'openid offline_access', prompt: 'consent' };
          token = (await authorize(target, browser, offline)).refresh_token ?? '';
          left = CHAIN;
          return;
        }
        const fields = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: token };
        token = (await form(target, '/oauth/token', fields)).refresh_token ?? '';
        left -= 1;
      };
    },
  },
  {
    name: 'codes with a session, userinfo',
    count: 6,
    everyMs: 400,
    begin(target) {
      const browser = new Browser(target);
      return async () => {
        const { access_token } = await authorize(target, browser, { scope: 'openid profile email' });
        const headers = { authorization: `Bearer ${access_token}` };
        await expectStatus(await target.fetch('/oauth/userinfo', { headers }), 200, 'userinfo');
      };
    },
  },
  {
    name: 'sign-ins on pages',
    count: 3,
    everyMs: 1000,
    begin(target) {
      const browser = new Browser(target);
      return async () => {
        browser.forgetSession();
        await authorize(target, browser, { scope: 'openid' });
      };
    },
  },
  {
    name: 'password grants, introspection',
    count: 3,
    everyMs: 1000,
    begin: (target) => async () => {
      const { access_token = '' } = await byPassword(target, PERSON.password);
      for (let time = 0; time < 5; time += 1) {
        const seen = await form(target, '/oauth/introspect', { token: access_token }, BASIC_CLIENT);
        if (String(seen.active) !== 'true') throw new Error('introspection: not active');
      }
    },
  },
  {
    name: 'wrong passwords',
    count: 1,
    everyMs: 1000,
    begin: (target) => async () => {
      const username = `${randomBytes(6).toString('hex')}@example.com`;
      const fields = { grant_type: 'password', username, password: 'wrong' };
      await form(target, '/oauth/token', fields, BASIC_CLIENT, 400);
    },
  },
  {
    name: 'searches of a partner',
    count: 2,
    everyMs: 200,
    begin: (target) => async () => {
      const isKnown = randomInt(2) === 0;
      const mobile = isKnown ? PERSON.login : `089${randomInt(1_000_000, 9_999_999)}`;
      const headers = { ...PARTNER, 'X-Account-Identifier': mobile };
      const answer = await target.fetch('/accounts', { headers });
      const { data } = await expectStatus(answer, 200, 'search');
      if (data?.length !== (isKnown ? 1 : 0)) throw new Error(`search: ${data?.length} found`);
    },
  },
];
