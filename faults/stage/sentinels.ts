import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../test/support/free-port.ts';
import { type RedisServer, redisServer } from '../../test/support/redis-servers.ts';
import type { Stops } from './stage.ts';

const NAME = 'faults';
const SENTINELS = 3;
/** The number of sentinels that must find the primary down, */
const QUORUM = 2;
/** after this time without a response. */
const DOWN_AFTER_MS = 1000;
const PROMOTED_WITHIN_MS = 60_000;

/** A Redis with a replica, and three sentinels that promote the replica. */
export interface Sentinels {
  url: string;
  /** Kills the primary, and resolves when the sentinels have promoted another server. */
  failOver(): Promise<void>;
  /** Restarts the killed server, which becomes the replica. */
  again(): Promise<void>;
  /** Returns the number of scripts that the primary has run, which are the requests of the counters. */
  scripts(): Promise<number>;
}

export async function startSentinels(stops: Stops): Promise<Sentinels> {
  const servers = new Map<number, RedisServer>();
  const begin = async (port: number, lines: string[] = []): Promise<void> => {
    servers.set(port, await redisServer(lines, port));
  };
  stops.push(async () => {
    for (const server of servers.values()) await server.kill();
  });
  const [first, second] = [await freePort(), await freePort()];
  await begin(first);
  await begin(second, [`replicaof 127.0.0.1 ${first}`]);
  const lines = [
    `sentinel monitor ${NAME} 127.0.0.1 ${first} ${QUORUM}`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} 5000`,
  ];
  const ports: number[] = [];
  for (let count = 0; count < SENTINELS; count += 1) {
    const port = await freePort();
    await begin(port, lines);
    ports.push(port);
  }
  const sentinel = servers.get(ports[0] as number) as RedisServer;

  async function until(description: string, check: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + PROMOTED_WITHIN_MS;
    while (!(await check())) {
      if (performance.now() > deadline) throw new Error(`Redis: ${description} did not happen`);
      await pause(50);
    }
  }
  async function primary(): Promise<number> {
    const told = await sentinel.cli('sentinel', 'get-master-addr-by-name', NAME);
    return Number(told.split('\n')[1]);
  }
  const connected = (port: number) => async (): Promise<boolean> =>
    (await servers.get(port)?.cli('info', 'replication'))?.includes('connected_slaves:1') ?? false;
  const others = async (): Promise<boolean> =>
    (await sentinel.cli('sentinel', 'sentinels', NAME)).split('\n').filter((line) => line === 'runid')
      .length ===
    SENTINELS - 1;
  await until('a connection of the replica', connected(first));
  await until('a meeting of the sentinels', others);

  let killed: number | undefined;
  return {
    url: `redis+sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${NAME}/0`,
    async failOver() {
      const before = await primary();
      // sentinels do not promote a replica that they have not yet discovered
      await until('a replica', async () =>
        (await sentinel.cli('sentinel', 'replicas', NAME)).includes('master-link-status\nok'),
      );
      await servers.get(before)?.kill();
      killed = before;
      await until('a failover', async () => (await primary()) !== before);
    },
    async again() {
      if (killed === undefined) return;
      await begin(killed);
      killed = undefined;
      await until('a new replica', connected(await primary()));
    },
    async scripts() {
      const told = await servers.get(await primary())?.cli('info', 'commandstats');
      return Number(/cmdstat_eval:calls=(\d+)/.exec(told ?? '')?.[1] ?? 0);
    },
  };
}
