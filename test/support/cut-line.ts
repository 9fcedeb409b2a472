import { createServer, connect as dial, type Socket } from 'node:net';
import { freePort } from './free-port.ts';

/** A line to a server that can be cut, as when the server is gone. */
export interface Line {
  /** The URL of the server, through the line. */
  url: string;
  /** Ends every connection and takes no more. */
  cut(): Promise<void>;
  /** Carries nothing any more, as when the server is frozen: connections stay, new ones are taken, nothing answers. */
  mute(): void;
}

/** Opens a line to the server of a URL, on a free port of this machine. */
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
