import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { freePort } from '../../test/support/free-port.ts';

/** `lies`: status 500, no response, a redirect, or an endless response, in turn. */
export type ReceiverMood = 'well' | 'down' | 'slow' | 'lies';

export interface Receiver {
  url: string;
  /** The IDs of the accepted events, in the order of their first acceptance. */
  accepted: string[];
  /** The number of events received again after their acceptance. */
  repeats: number;
  /** The number of requests without a valid signature. */
  unsigned: number;
  /** The secret with which requests are signed. */
  secret: string;
  become(mood: ReceiverMood): Promise<void>;
  stop(): Promise<void>;
}

const SLOW_MS = 2500;
const HUGE_BYTES = 10_000_000;

/** Starts a webhook receiver that records the accepted events. */
export async function startReceiver(): Promise<Receiver> {
  const port = await freePort();
  const seen = new Set<string>();
  let mood: ReceiverMood = 'well';
  let lies = 0;

  function lie(response: ServerResponse): void {
    lies += 1;
    if (lies % 4 === 0) response.writeHead(500).end();
    else if (lies % 4 === 1) response.writeHead(302, { location: 'http://127.0.0.1/' }).end();
    else if (lies % 4 === 2) response.end(Buffer.alloc(HUGE_BYTES));
  }
  function accept(id: string, response: ServerResponse): void {
    if (seen.has(id)) receiver.repeats += 1;
    else receiver.accepted.push(id);
    seen.add(id);
    response.writeHead(204).end();
  }
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => '');
    try {
      new Webhook(receiver.secret).verify(body, request.headers as Record<string, string>);
    } catch {
      receiver.unsigned += 1;
    }
    const id = String(request.headers['webhook-id']);
    if (mood === 'lies') lie(response);
    else if (mood === 'slow') setTimeout(() => accept(id, response), SLOW_MS);
    else accept(id, response);
  });
  const listen = () => once(server.listen(port, '127.0.0.1'), 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await listen();

  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/events`,
    ...{ accepted: [], repeats: 0, unsigned: 0, secret: '' },
    async become(next) {
      mood = next;
      if (next === 'down') await close();
      else if (!server.listening) await listen();
    },
    stop: close,
  };
  return receiver;
}
