import { type Patroni, startPatroni } from './patroni.ts';
import type { PatroniNode, Timing } from './patroni-node.ts';
import { type Pooler, startPooler } from './pooler.ts';
import { type Sentinels, startSentinels } from './sentinels.ts';
import { type OnCrash, queries, RESULTS, type Stage, type Stops, startServers } from './stage.ts';

/** A PostgreSQL under Patroni, with its PgBouncer. */
export interface Machine {
  node: PatroniNode;
  pooler: Pooler;
  /** Ends all its processes simultaneously. */
  lose(): Promise<void>;
  again(): Promise<void>;
}

/** Three machines under Patroni, and Redis with sentinels. */
export interface ClusterStage extends Stage {
  patroni: Patroni;
  machines: readonly Machine[];
  sentinels: Sentinels;
}

/** The defaults of Patroni. */
const USUAL: Timing = { ttl: 30, loopWait: 10, retryTimeout: 10 };
/** The shortest values that Patroni recommends. */
const SHORT: Timing = { ttl: 20, loopWait: 2, retryTimeout: 3 };

const urlOf = (ports: readonly number[], name: string): string =>
  `postgres://postgres@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${name}`;

/**
 * Starts three Patroni nodes with a PgBouncer each, Redis with a replica and sentinels, an SMS gateway and two servers.
 * The first server uses the addresses of PostgreSQL, the second those of PgBouncer.
 */
export async function startClusterStage(
  { isShort }: { isShort: boolean },
  stops: Stops,
  onCrash: OnCrash,
): Promise<ClusterStage> {
  const patroni = await startPatroni(isShort ? SHORT : USUAL, `${RESULTS}patroni.log`, stops);
  const machines: Machine[] = [];
  for (const node of patroni.nodes) {
    const pooler = await startPooler(node.port, `${RESULTS}pgbouncer.log`);
    stops.push(() => pooler.stop());
    machines.push({
      node,
      pooler,
      lose: async () => void (await Promise.all([node.lose(), pooler.kill()])),
      again: async () => void (await Promise.all([node.again(), pooler.again()])),
    });
  }
  const sentinels = await startSentinels(stops);
  const ports = machines.map(({ node }) => node.port);
  await queries(urlOf(ports, 'postgres'))('create database faults');
  const databaseUrl = urlOf(ports, 'faults');
  const pooled = urlOf(
    machines.map(({ pooler }) => pooler.port),
    'faults',
  );
  const servers = [
    { databaseUrl },
    { databaseUrl: pooled, env: { DATABASE_POOLER: 'transaction' } },
  ] as const;
  const given = { name: 'cluster-server', databaseUrl, servers, redisUrl: sentinels.url };
  const stage = await startServers(given, stops, onCrash);
  return { ...stage, patroni, machines, sentinels };
}
