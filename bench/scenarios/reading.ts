import { basic } from '../clients.ts';
import { CONNECTIONS, type Scenario } from '../scenario.ts';
import type { Target } from '../target.ts';
import { browsers, tokens } from './tokens.ts';

/** Returns the access tokens of as many browsers as there are connections, in turn. */
async function accessTokens(target: Target): Promise<() => string> {
  const signedIn = await browsers(target, CONNECTIONS);
  const made = await Promise.all(signedIn.map((browser) => tokens(target, browser)));
  let turn = 0;
  return () => made[turn++ % made.length]?.access_token ?? '';
}

export const userinfo: Scenario = {
  name: 'userinfo',
  atLeast: 0.8,
  atLeastWithRedis: 0.9,
  async prepare(target, seconds) {
    const next = await accessTokens(target);
    const request = () => ({
      path: '/oauth/userinfo',
      headers: { authorization: `Bearer ${next()}` },
    });
    return { steps: [{ request }], until: { seconds } };
  },
};

export const introspection: Scenario = {
  name: 'introspection',
  atLeast: 0.8,
  atLeastWithRedis: 0.9,
  async prepare(target, seconds) {
    const next = await accessTokens(target);
    const headers = {
      authorization: basic(target.clients.app),
      'content-type': 'application/x-www-form-urlencoded',
    };
    const request = () => ({
      path: '/oauth/introspect',
      method: 'POST' as const,
      headers,
      body: `token=${next()}`,
    });
    return { steps: [{ request }], until: { seconds } };
  },
};

const getting = (name: string, path: string): Scenario => ({
  name,
  prepare: async (_target, seconds) => ({ steps: [{ request: () => ({ path }) }], until: { seconds } }),
});

export const discovery = getting('discovery', '/.well-known/openid-configuration');
export const keys = getting('keys', '/oauth/jwks');
