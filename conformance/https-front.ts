import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { LOCALHOST } from '../test/support/certificate.ts';

/** What ends TLS before the server, as a proxy does in production. Returns what stops it. */
export async function startFront(port: number, serverPort: number): Promise<() => void> {
  const front = createServer(LOCALHOST, (incoming, outgoing) => {
    const { method, url, headers, socket } = incoming;
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-for': socket.remoteAddress ?? '' };
    const onward = request({
      ...{ host: '127.0.0.1', port: serverPort, method, path: url },
      headers: { ...headers, ...forwarded },
    });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  // longer than a client keeps one: a request must not meet a connection that is being closed
  front.keepAliveTimeout = 120_000;
  await once(front.listen(port, '127.0.0.1'), 'listening');
  return () => {
    front.closeAllConnections();
    front.close();
  };
}
