import type { HttpAnswer, Step } from '../load.ts';
import { CONNECTIONS, type Scenario } from '../scenario.ts';
import type { Target } from '../target.ts';
import { browsers, tokenRequest, tokens } from './tokens.ts';

/** Refreshes chains of tokens: each refresh leaves its successor for the next. */
export async function refreshing(target: Target, chains: number): Promise<Step> {
  const signedIn = await browsers(target, CONNECTIONS);
  const made = await Promise.all(signedIn.slice(0, chains).map((browser) => tokens(target, browser)));
  const free = made.map(({ refresh_token }) => refresh_token);
  return {
    request: () => tokenRequest(target, { grant_type: 'refresh_token', refresh_token: free.shift() ?? '' }),
    answered({ status, body }: HttpAnswer) {
      if (status === 200) free.push((JSON.parse(body) as { refresh_token: string }).refresh_token);
    },
  };
}

export const refresh: Scenario = {
  name: 'refresh, rotating',
  atLeast: 0.7,
  async prepare(target, seconds) {
    return { steps: [await refreshing(target, CONNECTIONS)], until: { seconds } };
  },
};
