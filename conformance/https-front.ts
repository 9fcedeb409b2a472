import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { LOCALHOST } from '../test/support/certificate.ts';
import { CERTIFICATES } from '../test/support/client-certificates.ts';

const CERTIFICATE = 'x-ssl-client-cert';
const VERIFY = 'x-ssl-client-verify';

/** Returns the headers that nginx would set for a client certificate. Drops such headers of the client. */
function headersOf({ headers, socket }: IncomingMessage) {
  const { [CERTIFICATE]: _certificate, [VERIFY]: _verify, ...others } = headers;
  const tls = socket as TLSSocket;
  const shown = tls.getPeerX509Certificate();
  return {
    ...others,
    ...{ 'x-forwarded-proto': 'https', 'x-forwarded-for': socket.remoteAddress ?? '' },
    ...(shown && {
      [CERTIFICATE]: encodeURIComponent(shown.toString()),
      [VERIFY]: tls.authorized ? 'SUCCESS' : 'FAILED:unknown',
    }),
  };
}

/**
 * Terminates TLS in front of the server, like a proxy in production. With `asksForCertificate`, clients may present a
 * certificate, as in docs/mtls.md. Returns its stop function.
 */
export async function startFront(
  port: number,
  serverPort: number,
  { asksForCertificate = false } = {},
): Promise<() => void> {
  const asking = { requestCert: true, rejectUnauthorized: false, ca: CERTIFICATES.authority.cert };
  const front = createServer(
    { ...LOCALHOST, ...(asksForCertificate ? asking : {}) },
    (incoming, outgoing) => {
      const { method, url } = incoming;
      const onward = request({
        ...{ host: '127.0.0.1', port: serverPort, method, path: url },
        headers: headersOf(incoming),
      });
      onward.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    },
  );
  // longer than clients keep connections: a request must not arrive on a connection that is being closed
  front.keepAliveTimeout = 120_000;
  await once(front.listen(port, '127.0.0.1'), 'listening');
  return () => {
    front.closeAllConnections();
    front.close();
  };
}
