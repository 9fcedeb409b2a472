import { basic } from '../clients.ts';
import { CONNECTIONS, type Scenario } from '../scenario.ts';
import { browsers, tokens } from './tokens.ts';

export const userinfo: Scenario = {
  name: 'userinfo',
  atLeast: 0.8,
  atLeastWithRedis: 0.9,
  async prepare(target, seconds) {
    const signedIn = await browsers(target, CONNECTIONS);
    const made = await Promise.all(signedIn.map((browser) => tokens(target, browser)));
    let turn = 0;
    const request = () => ({
      path: '/oauth/userinfo',
      headers: { authorization: `Bearer ${made[turn++ % made.length]?.access_token}` },
    });
    return { steps: [{ request }], until: { seconds } };
  },
};

export const introspection: Scenario = {
  name: 'introspection',
  atLeast: 0.8,
  atLeastWithRedis: 0.9,
  async prepare(target, seconds) {
    const signedIn = await browsers(target, CONNECTIONS);
    const made = await Promise.all(signedIn.map((browser) => tokens(target, browser)));
    const headers = {
      authorization: basic(target.clients.app),
      'content-type': 'application/x-www-form-urlencoded',
    };
    let turn = 0;
    const request = () => ({
      path: '/oauth/introspect',
      method: 'POST' as const,
      headers,
      body: `token=${made[turn++ % made.length]?.access_token}`,
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
