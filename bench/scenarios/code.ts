import { measure } from '../load.ts';
import { CONNECTIONS, type Scenario } from '../scenario.ts';
import { codeOf } from '../sign-in.ts';
import { browsers, redemption, silentRequest } from './tokens.ts';

/** The codes per second to prepare, at the reference's speed. */
const CODES_A_SECOND = 2000;

export const authorizationRequest: Scenario = {
  name: 'authorization, signed in',
  async prepare(target, seconds) {
    const signedIn = await browsers(target, CONNECTIONS);
    let turn = 0;
    const request = () => silentRequest(signedIn[turn++ % signedIn.length] as Record<string, string>);
    return { steps: [{ request, status: 303 }], until: { seconds } };
  },
};

/** Each code can be used once, so a run ends with its codes. */
export const codeExchange: Scenario = {
  name: 'code exchange',
  atLeast: 0.7,
  async prepare(target, seconds) {
    const wanted = Math.round(CODES_A_SECOND * seconds);
    const signedIn = await browsers(target, CONNECTIONS);
    const codes: string[] = [];
    let turn = 0;
    await measure({
      url: target.url,
      connections: CONNECTIONS,
      steps: [
        {
          request: () => silentRequest(signedIn[turn++ % signedIn.length] as Record<string, string>),
          answered: (answer) => void codes.push(codeOf(answer) ?? ''),
          status: 303,
        },
      ],
      until: { sequences: wanted + CONNECTIONS },
    });
    return {
      steps: [{ request: () => redemption(target, codes.pop() ?? '') }],
      until: { sequences: wanted },
    };
  },
};
