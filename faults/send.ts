import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** The server's limit for a request that waits for the database (`http/`), whatever has gone wrong behind it. */
export const LIMIT_MS = 3000;
/** For what the response takes on its way, while load, servers and databases share the processors. */
const WAY_MS = 500;
/** When a request is given up of which the time is not judged: no machine is so slow. */
export const PATIENT_MS = 60_000;

export const usualDeadline = (): number => LIMIT_MS + WAY_MS;

export interface Message {
  path: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  ms: number;
}

/**
 * `unreachable`: the connection was refused, so nothing was sent. `cut`: it broke afterwards, and nobody knows what
 * became of the request; a part of an answer is none. `hung`: nothing whole came within the deadline.
 */
export type Sent = Reply | 'unreachable' | 'cut' | 'hung';

export type Send = (base: string, message: Message) => Promise<Sent>;

/** Sends requests over connections that are kept open, as a balancer does. The deadline is asked for each of them. */
export function sender(deadlineMs = usualDeadline): { send: Send; close(): void } {
  const agent = new Agent({ keepAlive: true });
  return {
    send: (base, { path, method, headers, body }) =>
      new Promise((resolve) => {
        const started = performance.now();
        const late = setTimeout(() => settle('hung'), deadlineMs());
        const settle = (sent: Sent): void => {
          clearTimeout(late);
          resolve(sent);
          if (sent === 'hung') outgoing.destroy();
        };
        const length: Record<string, string> =
          body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
        const outgoing = request(new URL(path, base), { agent, method, headers: { ...headers, ...length } });
        outgoing.on('error', (error: NodeJS.ErrnoException) =>
          settle(error.code === 'ECONNREFUSED' ? 'unreachable' : 'cut'),
        );
        outgoing.on('response', (incoming) => {
          text(incoming).then(
            (all) =>
              settle({
                status: incoming.statusCode ?? 0,
                headers: incoming.headers,
                text: all,
                ms: performance.now() - started,
              }),
            () => settle('cut'),
          );
        });
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}
