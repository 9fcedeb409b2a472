import { createServer, connect as dial, type Socket } from 'node:net';
import { freePort } from './free-port.ts';

/** A TCP proxy before a server. It can be cut, as if the server were gone. */
export interface Line {
  /** The URL of the server through the proxy. */
  url: string;
  /** Closes every connection and accepts no more. */
  cut(): Promise<void>;
  /**
   * Stops forwarding, as if the server were frozen: connections stay open, new ones are accepted, and nothing
   * responds.
   */
  mute(): void;
}

/** Starts a proxy before the server of a URL, on a free port of this machine. */
export async function lineTo(server: string): Promise<Line> {
  const target = new URL(server);
  const open = new Set<Socket>();
  const port = await freePort();
  let muted = false;
  const listener = createServer((near) => {
    if (muted) {
      open.add(near);
      near.on('error', () => {}).on('close', () => open.delete(near));
      return;
    }
    const far = dial(Number(target.port || 6379), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {}).on('close', () => open.delete(socket) && other.destroy());
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
  const through = new URL(server);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return {
    url: through.href,
    mute() {
      muted = true;
      for (const socket of open) socket.unpipe().pause();
    },
    async cut() {
      if (!listener.listening) return;
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
