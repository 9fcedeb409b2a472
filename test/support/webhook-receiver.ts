import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { atEnd } from './at-end.ts';

export interface Received {
  /** The header `webhook-id`. */
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
  headers: Record<string, string>;
  body: string;
}

export interface WebhookReceiver {
  url: string;
  /** Every request so far, in order of arrival. */
  received: Received[];
  /** Sends the responses from now on. */
  answer: (event: Received, response: ServerResponse) => void | Promise<void>;
  /** The types of the events received for one account. */
  typesOf(accountId: number): string[];
}

export const accept = (_event: unknown, response: ServerResponse): void => void response.writeHead(204).end();
export const respond =
  (status: number, headers: Record<string, string> = {}) =>
  (_event: unknown, response: ServerResponse): void =>
    void response.writeHead(status, headers).end();

/** Starts a receiver of events on this machine. It accepts all of them, unless its `answer` is replaced. */
export async function webhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const event: Received = { id: headers['webhook-id'] ?? '', ...JSON.parse(body), headers, body };
    receiver.received.push(event);
    await receiver.answer(event, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  const receiver: WebhookReceiver = {
    url: `http://localhost:${(server.address() as AddressInfo).port}/events`,
    received: [],
    answer: accept,
    typesOf: (accountId) =>
      receiver.received.filter(({ data }) => data.account_id === String(accountId)).map(({ type }) => type),
  };
  return receiver;
}

/** Throws when a request was not signed with this secret. The clock of the test may have moved. */
export function verify(secret: string, { headers, body }: Received): void {
  const signed = new Webhook(secret).sign(
    headers['webhook-id'] ?? '',
    new Date(Number(headers['webhook-timestamp']) * 1000),
    body,
  );
  if (!(headers['webhook-signature'] ?? '').split(' ').includes(signed)) throw new Error('wrong signature');
}
