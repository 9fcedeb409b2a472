import { setTimeout as pause } from 'node:timers/promises';

/** The destination of the load, similar to a load balancer. */
export interface Target {
  issuer: string;
  /** Sends a request to the next process in turn. Retries a limited number of times while a process is busy. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The number of 503 responses with `Retry-After` that led to a retry. */
  readonly busy: number;
}

const PATIENCE = 3;

export function targetOf(issuer: string, urls: readonly string[]): Target {
  let turn = 0;
  let busy = 0;
  return {
    issuer,
    async fetch(path, init) {
      for (let left = PATIENCE; ; left -= 1) {
        turn += 1;
        const answer = await fetch((urls[turn % urls.length] ?? issuer) + path, init);
        const seconds = Number(answer.headers.get('retry-after'));
        if (answer.status !== 503 || !(seconds > 0) || left === 0) return answer;
        busy += 1;
        await answer.arrayBuffer();
        await pause(seconds * 1000);
      }
    },
    get busy() {
      return busy;
    },
  };
}
