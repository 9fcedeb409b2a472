import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** The server's limit for a request that waits for the database (`http/`), for any failure behind it. */
export const LIMIT_MS = 3000;
/** The additional time of a response while load, servers and databases share the processors. */
const WAY_MS = 500;
/** The deadline of requests whose time is not judged, long enough for any machine. */
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
 * `unreachable`: the connection was refused, so nothing was sent. `cut`: the connection broke later, and the outcome is
 * unknown, even after a partial response. `hung`: no complete response came within the deadline.
 */
export type Sent = Reply | 'unreachable' | 'cut' | 'hung';

export type Send = (base: string, message: Message) => Promise<Sent>;

/** Sends requests over persistent connections, like a load balancer. `deadlineMs` is called for each request. */
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
