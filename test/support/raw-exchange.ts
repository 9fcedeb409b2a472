import { connect, type Socket } from 'node:net';

/**
 * Resolves when the connection is closed, by either end or by a reset. `once(socket, 'close')` rejects after a
 * reset. A client may receive one when it still sends after the server has responded and closed.
 */
export const endOf = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) return resolve();
    socket.on('error', () => {}).once('close', () => resolve());
  });

/** Returns everything that is received until the connection is closed. */
export async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (part) => {
    text += part.toString('latin1');
  });
  await endOf(socket);
  return text;
}

/**
 * Sends the same bytes repeatedly until a response starts. Returns everything that is received until the connection
 * is closed.
 */
export function untilAnswered(socket: Socket, bytes: string): Promise<string> {
  const timer = setInterval(() => socket.write(bytes), 2);
  const stop = (): void => clearInterval(timer);
  socket.once('data', stop).once('close', stop);
  return untilClosed(socket);
}

/** Sends bytes unchanged and returns everything that is received until the server closes the connection. */
export function exchange(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return untilClosed(socket);
}
