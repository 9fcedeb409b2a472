import { setTimeout as pause } from 'node:timers/promises';
import type { Message, Reply, Send, Sent } from './send.ts';
import type { Tally } from './tally.ts';

export interface Ask {
  path: string;
  /** A form to post, */
  form?: Record<string, string>;
  /** or JSON to post; without either, a GET. */
  json?: unknown;
  headers?: Record<string, string>;
  /** The statuses that are right; 503 always may be said, anything else is a wrong answer. */
  expect: readonly number[];
  /** A limit may refuse this one with 429. */
  limited?: boolean;
  /** Always this server; turn by turn unless told. */
  at?: number;
}

/** How often a request was tried in vain before it was answered. */
export interface Asked {
  /** Undefined: the answer was a wrong one, or none ever came; it is in the tally already. */
  reply: Reply | undefined;
  /** Tries whose outcome nobody knows. */
  cuts: number;
  /** Tries that were refused with 503. */
  refusals: number;
}

/** Someone who sends requests, to both servers in turn, and counts what comes back. */
export interface Caller {
  /** One try. Undefined when it was refused, cut or hung; anything that is not expected is counted as lost. */
  once(ask: Ask): Promise<Reply | 'refused' | 'cut' | 'wrong'>;
  /** The same request again and again until it is answered, as a client that means it does. */
  insist(ask: Ask): Promise<Asked>;
}

export interface CallerDeps {
  send: Send;
  tally: Tally;
  /** The servers' addresses. */
  servers: readonly string[];
  /** Under which latencies are kept. */
  kind: string;
  /** From where it seems to call: limits go by it. */
  address: string;
  /** Counts from an own beginning, so that callers do not all go to the same server. */
  first: number;
  /** Whether a connection that breaks is what the fault is about. */
  cutsAllowed: boolean;
}

const AGAIN_MS = 100;
/** Longer than any fault lasts. */
const GIVE_UP_MS = 90_000;

const messageOf = ({ path, form, json, headers = {} }: Ask, address: string): Message => ({
  path,
  method: form || json !== undefined ? 'POST' : 'GET',
  headers: {
    'x-forwarded-for': address,
    accept: 'application/json',
    ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  },
  ...(form ? { body: new URLSearchParams(form).toString() } : {}),
  ...(json === undefined ? {} : { body: JSON.stringify(json) }),
});

/** Paths without what identifies someone. */
const nameOf = ({ path, form }: Ask): string =>
  `${path.split('?')[0]}${form?.grant_type ? ` (${form.grant_type})` : ''}`;

export function caller(deps: CallerDeps): Caller {
  const { send, tally, servers, kind, address } = deps;
  let turn = deps.first;

  const trouble = (): void => {
    tally.lastTrouble = performance.now();
  };

  /** A server that refuses connections has not got the request: another one is asked, as a balancer would. */
  async function toOneThatListens(ask: Ask): Promise<Sent> {
    const message = messageOf(ask, address);
    turn += 1;
    for (let tried = 0; tried < servers.length; tried += 1) {
      const base = servers[ask.at ?? (turn + tried) % servers.length] as string;
      const sent = await send(base, message);
      if (sent !== 'unreachable') return sent;
    }
    return 'unreachable';
  }

  async function once(ask: Ask): Promise<Reply | 'refused' | 'cut' | 'wrong'> {
    const sent = await toOneThatListens(ask);
    if (sent === 'unreachable') {
      trouble();
      return 'refused';
    }
    tally.requests += 1;
    if (sent === 'hung') {
      trouble();
      tally.hung.push(`${nameOf(ask)}: no answer in time`);
      return 'cut';
    }
    if (sent === 'cut') {
      trouble();
      tally.cut += 1;
      if (!deps.cutsAllowed) tally.lost.push(`${nameOf(ask)}: cut before its answer`);
      return 'cut';
    }
    if (ask.expect.includes(sent.status)) {
      const known = tally.latencies.get(kind);
      if (known) known.push(sent.ms);
      else tally.latencies.set(kind, [sent.ms]);
      return sent;
    }
    const due = sent.status === 503 || (sent.status === 429 && ask.limited);
    if (due && Number(sent.headers['retry-after']) >= 1) {
      tally.refused += 1;
      trouble();
      return 'refused';
    }
    trouble();
    tally.lost.push(`${nameOf(ask)}: answered ${sent.status} ${sent.text.slice(0, 160)}`);
    return 'wrong';
  }

  return {
    once,
    async insist(ask) {
      const asked = { cuts: 0, refusals: 0 };
      const end = performance.now() + GIVE_UP_MS;
      while (performance.now() < end) {
        const reply = await once(ask);
        if (reply === 'wrong') return { ...asked, reply: undefined };
        if (reply === 'cut') asked.cuts += 1;
        else if (reply === 'refused') asked.refusals += 1;
        else return { ...asked, reply };
        await pause(AGAIN_MS);
      }
      tally.lost.push(`${nameOf(ask)}: never answered`);
      return { ...asked, reply: undefined };
    },
  };
}
