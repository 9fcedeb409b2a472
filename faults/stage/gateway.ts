import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { freePort } from '../../test/support/free-port.ts';

/**
 * `slow`: accepts the message, but responds after the server has given up. `hung`: accepts nothing and never responds.
 */
export type GatewayMood = 'well' | 'slow' | 'hung' | 'down';

export interface Sms {
  id: string;
  to: string;
  text: string;
}

/** An SMS gateway that supports idempotency keys: messages with the same ID are delivered once. */
export interface Gateway {
  url: string;
  /** The delivered messages by ID. */
  delivered: Map<string, Sms>;
  /** The number of repeated requests for an ID. */
  repeats: number;
  become(mood: GatewayMood): Promise<void>;
  stop(): Promise<void>;
}

const SLOW_MS = 3500;

export async function startGateway(): Promise<Gateway> {
  const port = await freePort();
  const delivered = new Map<string, Sms>();
  const waiting = new Set<ServerResponse>();
  let mood: GatewayMood = 'well';

  const server = createServer(async (request, response) => {
    const sms = (await json(request)) as Sms;
    if (mood === 'hung') {
      waiting.add(response);
      return;
    }
    if (delivered.has(sms.id)) gateway.repeats += 1;
    delivered.set(sms.id, sms);
    if (mood === 'slow') setTimeout(() => response.end(), SLOW_MS);
    else response.end();
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

  const gateway: Gateway = {
    url: `http://127.0.0.1:${port}/sms`,
    delivered,
    repeats: 0,
    async become(next) {
      mood = next;
      for (const response of waiting) response.destroy();
      waiting.clear();
      if (next === 'down') await close();
      else if (!server.listening) await listen();
    },
    stop: close,
  };
  return gateway;
}
