import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { freePort } from '../../test/support/free-port.ts';

/**
 * `before`: the connection breaks when a commit is sent, which never arrives. `after`: it breaks when the response to a
 * commit arrives, which is never read. `any`: at any moment.
 */
export type Cut = 'before' | 'after' | 'any';

/** A proxy between a server and PostgreSQL, which can be cut at the worst moments. */
export interface Wire {
  /** Returns the URL of the same database through the proxy. */
  through(databaseUrl: string): string;
  /** Cuts connections at these moments with this probability, until `mend`. `cuts` counts them. */
  fray(moments: readonly Cut[], probability: number): void;
  mend(): void;
  cuts: number;
  stop(): Promise<void>;
}

/**
 * The names of statements that commit records, some of them with other rows (`commitWithChanges`), and the commits of
 * other transactions.
 */
const COMMITS = /commit-(?:records|[0-9a-f]{16})|insert-records|COMMIT;/i;

export async function startWire(databasePort: number): Promise<Wire> {
  const port = await freePort();
  const open = new Set<Socket>();
  let moments: readonly Cut[] = [];
  let probability = 0;
  const strikes = (moment: Cut): boolean => moments.includes(moment) && Math.random() < probability;

  const server = createServer((near) => {
    const far = connect(databasePort, '127.0.0.1');
    let committing = false;
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    const cut = (): void => {
      wire.cuts += 1;
      end();
    };
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        open.delete(socket);
        end();
      });
    }
    near.on('data', (chunk) => {
      const commits = COMMITS.test(chunk.toString('latin1'));
      if ((commits && strikes('before')) || strikes('any')) return cut();
      committing ||= commits;
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (committing && strikes('after')) return cut();
      committing = false;
      near.write(chunk);
    });
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');

  const wire: Wire = {
    through(databaseUrl) {
      const url = new URL(databaseUrl);
      url.port = String(port);
      return url.href;
    },
    fray(which, share) {
      moments = which;
      probability = share;
    },
    mend() {
      moments = [];
    },
    cuts: 0,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
  return wire;
}
