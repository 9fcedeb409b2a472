import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from './eventually.ts';

/**
 * Opens a connection to a server of this process and returns both its ends. The server's socket shows what the
 * server has read and whether it is closed.
 */
export async function bothEnds(port: number): Promise<{ client: Socket; server: Socket }> {
  const accepted: Socket[] = [];
  const note = (message: unknown): void => void accepted.push((message as { socket: Socket }).socket);
  subscribe('net.server.socket', note);
  try {
    const client = connect(port, '127.0.0.1');
    await once(client, 'connect');
    let server: Socket | undefined;
    await eventually(async () => {
      server = accepted.find(({ remotePort }) => remotePort === client.localPort);
      if (!server) throw new Error('the server has not accepted the connection');
    });
    return { client, server: server as Socket };
  } finally {
    unsubscribe('net.server.socket', note);
  }
}
