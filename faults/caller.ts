import { setTimeout as pause } from 'node:timers/promises';
import type { Message, Reply, Send, Sent } from './send.ts';
import type { Tally } from './tally.ts';

export interface Ask {
  path: string;
  /** A form to post, */
  form?: Record<string, string>;
  /** or JSON to post. Without either, the request is a GET. */
  json?: unknown;
  headers?: Record<string, string>;
  /** The expected statuses. 503 is always permitted; any other status is a wrong response. */
  expect: readonly number[];
  /** Whether a limit may refuse this request with 429. */
  limited?: boolean;
  /** The index of the server to use. By default, requests alternate between the servers. */
  at?: number;
}

/** The outcome of a request, with its failed attempts. */
export interface Asked {
  /** Undefined after a wrong response or without any response, which the tally already includes. */
  reply: Reply | undefined;
  /** The number of attempts with an unknown outcome. */
  cuts: number;
  /** The number of attempts refused with 503 or a permitted 429, or because no server accepted the connection. */
  refusals: number;
}

/** A client that sends requests to both servers in turn and counts the responses. */
export interface Caller {
  /**
   * Makes one attempt. Returns `refused`, `cut` (also for a hung request) or `wrong` instead of an expected response. A
   * wrong response is counted as lost.
   */
  once(ask: Ask): Promise<Reply | 'refused' | 'cut' | 'wrong'>;
  /**
   * Repeats a request until it succeeds, like a persistent client. Stops after a wrong response or after 90 seconds.
   */
  insist(ask: Ask): Promise<Asked>;
}

export interface CallerDeps {
  send: Send;
  tally: Tally;
  /** The addresses of the servers. */
  servers: readonly string[];
  /** The kind of client under which latencies are recorded. */
  kind: string;
  /** The apparent client address, to which limits apply. */
  address: string;
  /** The offset of the alternation, so that callers do not all start with the same server. */
  first: number;
  /** Whether the fault may break connections. */
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

/** Returns the path without anything that identifies a person. */
const nameOf = ({ path, form }: Ask): string =>
  `${path.split('?')[0]}${form?.grant_type ? ` (${form.grant_type})` : ''}`;

export function caller(deps: CallerDeps): Caller {
  const { send, tally, servers, kind, address } = deps;
  let turn = deps.first;

  const trouble = (): void => {
    tally.lastTrouble = performance.now();
  };

  /**
   * A server that refuses the connection has not received the request, so another server is tried, as by a load
   * balancer.
   */
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
