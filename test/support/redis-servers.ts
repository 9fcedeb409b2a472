import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { atEnd } from './at-end.ts';
import { eventually } from './eventually.ts';
import { freePort, freePortWith } from './free-port.ts';

const run = promisify(execFile);

/** Redis is optional, on a developer's machine as well. */
export const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;

export interface RedisServer {
  port: number;
  folder: string;
  cli(...command: string[]): Promise<string>;
  kill(): Promise<void>;
}

/** Starts a `redis-server` for one test, with these lines of configuration. It runs until the end of the run. */
export async function redisServer(lines: string[] = [], given?: number): Promise<RedisServer> {
  const port = given ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'pratu-redis-'));
  const file = join(folder, 'redis.conf');
  const base = [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, 'save ""', 'appendonly no'];
  const isSentinel = lines.some((line) => line.startsWith('sentinel '));
  await writeFile(file, [...(isSentinel ? base.slice(0, 3) : base), ...lines].join('\n'));
  const child: ChildProcess = spawn('redis-server', [file, ...(isSentinel ? ['--sentinel'] : [])], {
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const cli = async (...command: string[]): Promise<string> =>
    (await run('redis-cli', ['-p', String(port), ...command])).stdout.trim();
  let removed = false;
  const kill = async (): Promise<void> => {
    if (removed) return;
    removed = true;
    child.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  atEnd(kill);
  await eventually(async () => {
    if ((await cli('ping')) !== 'PONG') throw new Error('not ready');
  });
  return { port, folder, cli, kill };
}

/** Starts a sentinel that declares the primary at `port` down after 300 milliseconds without a reply. */
export const sentinelOf = (port: number): Promise<RedisServer> =>
  redisServer([
    `sentinel monitor main 127.0.0.1 ${port} 1`,
    'sentinel down-after-milliseconds main 300',
    'sentinel failover-timeout main 2000',
  ]);

/** The distance from the port for clients to the port for other nodes. */
const BUS_DISTANCE = 10_000;

/** Starts a cluster of three primaries. */
export async function redisCluster(): Promise<RedisServer[]> {
  const lines = ['cluster-enabled yes', 'cluster-node-timeout 1000'];
  const nodes: RedisServer[] = [];
  for (let count = 0; count < 3; count += 1)
    nodes.push(await redisServer(lines, await freePortWith(BUS_DISTANCE)));
  const addresses = nodes.map((node) => `127.0.0.1:${node.port}`);
  await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
  await eventually(async () => {
    for (const node of nodes) {
      if (!(await node.cli('cluster', 'info')).includes('cluster_state:ok')) throw new Error('not ready');
    }
  });
  return nodes;
}
