import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { atEnd } from './at-end.ts';
import { LOCALHOST } from './certificate.ts';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface LocalServer {
  url: string;
  /** The requests received so far. */
  received: ReceivedRequest[];
  /** Returns the next request that no earlier call returned. Rejects when none arrives within fifteen seconds. */
  next(): Promise<ReceivedRequest>;
}

/**
 * Starts a server of another party on this machine. It responds with JSON: the current value of `answer` for the
 * path, or 404 for `undefined`. A `secure` server uses HTTPS with the certificate of `certificate.ts`. With another
 * `type`, the response is the text of `answer`, unchanged.
 */
export async function localServer(
  answer: (path: string) => unknown,
  { secure = false, type = 'application/json' } = {},
): Promise<LocalServer> {
  const received: ReceivedRequest[] = [];
  let taken = 0;
  let wake = (): void => {};
  const listener: RequestListener = async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    received.push({ method, path, headers, body: await text(request) });
    const body = answer(path);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type });
    response.end(type === 'application/json' ? JSON.stringify(body ?? {}) : body);
    wake();
  };
  const server = secure ? createSecureServer(LOCALHOST, listener) : createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `${secure ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}`,
    received,
    async next() {
      const deadline = AbortSignal.timeout(15_000);
      while (received.length <= taken) {
        await new Promise<void>((resume, fail) => {
          wake = resume;
          deadline.onabort = () => fail(new Error('no request came'));
        });
      }
      taken += 1;
      return received[taken - 1] as ReceivedRequest;
    },
  };
}
