import { randomInt } from 'node:crypto';
import { type HttpAnswer, type Measured, type Memory, measure, type Step } from '../load.ts';
import { redemption, silentRequest, tokenRequest } from '../scenarios/tokens.ts';
import { codeOf } from '../sign-in.ts';
import type { Target } from '../target.ts';
import { cookiesFor, heldValue, loginOf, PASSWORD } from './credentials.ts';

/** One kind of customer request, at its own steady rate. */
export interface Traffic {
  name: string;
  /** Sequences per second. */
  rate: number;
  steps: readonly Step[];
}

export interface Filled {
  target: Target;
  accounts: number;
  secretKey: string;
  /** Each can be used once, across all measurements. */
  refreshTokens: RefreshTokens;
}

export interface RefreshTokens {
  next(): string;
  keep(successor: string): void;
}

const CONNECTIONS = 8;
/** Coprime to every number of accounts that is not a multiple of it: visits each account once, not in table order. */
const STRIDE = 611_953;

/** Returns the refresh token of each account in scattered order, then the successors, oldest first. */
export function refreshTokensOf(accounts: number): RefreshTokens {
  const successors: string[] = [];
  let turn = 0;
  return {
    next() {
      if (turn >= accounts) return successors.shift() ?? '';
      turn += 1;
      return heldValue('RefreshToken', 1 + ((turn * STRIDE) % accounts));
    },
    keep(successor) {
      successors.push(successor);
    },
  };
}

/** Refreshes by apps of different accounts. */
export function refreshes({ target, refreshTokens: held }: Filled, rate: number): Traffic {
  const step: Step = {
    request: () => tokenRequest(target, { grant_type: 'refresh_token', refresh_token: held.next() }),
    answered({ status, body }: HttpAnswer) {
      if (status === 200) held.keep((JSON.parse(body) as { refresh_token: string }).refresh_token);
    },
  };
  return { name: 'refresh', rate, steps: [step] };
}

/** The mixture: half reads, a third refreshes, the rest sign-ins. All accounts are equally likely. */
export function mixture(filled: Filled): Traffic[] {
  const { target, accounts, secretKey } = filled;
  const any = (): number => randomInt(1, accounts + 1);
  const cookies = cookiesFor(secretKey);
  const userinfo: Step = {
    request: () => ({
      path: '/oauth/userinfo',
      headers: { authorization: `Bearer ${heldValue('AccessToken', any())}` },
    }),
  };
  const password: Step = {
    request: () =>
      tokenRequest(target, {
        grant_type: 'password',
        username: loginOf(any()),
        password: PASSWORD,
        scope: 'openid',
      }),
  };
  const authorization: Step = {
    request: () => silentRequest(cookies(any())),
    answered(answer: HttpAnswer, memory: Memory) {
      memory.code = codeOf(answer);
    },
    status: 303,
  };
  const exchange: Step = { request: (memory) => redemption(target, String(memory.code)) };
  return [
    { name: 'userinfo', rate: 32, steps: [userinfo] },
    refreshes(filled, 24),
    { name: 'code flow with a session', rate: 8, steps: [authorization, exchange] },
    { name: 'password grant', rate: 4, steps: [password] },
  ];
}

export interface TrafficResult extends Measured {
  name: string;
}

/** Runs all kinds together for the given number of seconds. */
export const run = (url: string, all: readonly Traffic[], seconds: number): Promise<TrafficResult[]> =>
  Promise.all(
    all.map(async ({ name, rate, steps }) => ({
      name,
      ...(await measure({ url, connections: CONNECTIONS, steps, until: { seconds }, rate })),
    })),
  );
