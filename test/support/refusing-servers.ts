import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { atEnd } from './at-end.ts';
import { LOCALHOST } from './certificate.ts';

/** Listens on a free loopback port until the end of the run. Returns the port. */
async function listening(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  atEnd(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const secured = (socket: Socket): TLSSocket => {
  const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(LOCALHOST) });
  secure.on('error', () => {});
  return secure;
};

/** Starts a Redis that replies to every command with one line, such as `-NOAUTH …`. */
export const redisThatSays = (line: string): Promise<number> =>
  listening((socket) =>
    socket.on('data', (sent) => {
      const commands = String(sent).match(/^\*\d+\r$/gm) ?? [];
      socket.write(`${line}\r\n`.repeat(commands.length));
    }),
  );

/** Starts a server that uses TLS from the first byte, with an untrusted certificate. */
export const untrustedServer = (): Promise<number> => listening((socket) => void secured(socket));

/** Starts a PostgreSQL that offers TLS with an untrusted certificate, or offers no TLS. */
export const postgresWith = ({ tls }: { tls: boolean }): Promise<number> =>
  listening((socket) =>
    socket.once('data', () => {
      socket.write(tls ? 'S' : 'N');
      if (tls) secured(socket);
    }),
  );

/** Starts a PostgreSQL that refuses every connection with this SQLSTATE. */
export const postgresThatRefuses = (state: string, words: string): Promise<number> =>
  listening((socket) =>
    socket.once('data', () => {
      const body = Buffer.from(`SFATAL\0VFATAL\0C${state}\0M${words}\0\0`);
      const head = Buffer.alloc(5);
      head.write('E');
      head.writeInt32BE(body.length + 4, 1);
      socket.end(Buffer.concat([head, body]));
    }),
  );
