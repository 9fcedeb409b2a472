import type { Scenario } from '../scenario.ts';
import { signInSteps } from '../sign-in.ts';
import { tokenRequest } from './tokens.ts';

/** Few, because each waits for a hash: a larger number would be refused with `Retry-After`. */
const CONNECTIONS = 16;

export const passwordGrant: Scenario = {
  name: 'password grant',
  atLeast: 0.9,
  connections: CONNECTIONS,
  async prepare(target, seconds) {
    const { login: username, password } = target.person;
    const request = () =>
      tokenRequest(target, { grant_type: 'password', username, password, scope: 'openid' });
    return { steps: [{ request }], until: { seconds } };
  },
};

export const signInByPage: Scenario = {
  name: 'sign-in by page',
  connections: CONNECTIONS,
  prepare: async (target, seconds) => ({ steps: signInSteps(target.person), until: { seconds } }),
};
