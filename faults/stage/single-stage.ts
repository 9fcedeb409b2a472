import { type Postgres, startPostgres } from '../../bench/services/postgres.ts';
import { type Redis, startRedis } from '../../bench/services/redis.ts';
import { freePort } from '../../test/support/free-port.ts';
import { type OnCrash, type Stage, type Stops, startServers } from './stage.ts';
import { startWire, type Wire } from './wire.ts';

/** One PostgreSQL and one Redis. */
export interface SingleStage extends Stage {
  postgres: Postgres;
  databaseUrl: string;
  redis: { freeze(): void; thaw(): void; end(): Promise<void>; again(): Promise<void> };
  /** The connection between the second server and PostgreSQL. The first server connects directly. */
  wire: Wire;
}

async function startRedisAt(port: number): Promise<SingleStage['redis']> {
  let beginning = startRedis(port);
  let redis: Redis = await beginning;
  return {
    freeze: () => redis.freeze(),
    thaw: () => redis.thaw(),
    async end() {
      // an interruption may come during a restart
      redis = await beginning;
      await redis.stop();
    },
    async again() {
      beginning = startRedis(port);
      redis = await beginning;
    },
  };
}

/** Starts PostgreSQL, Redis, an SMS gateway and two servers on the loopback interface. */
export async function startSingleStage(stops: Stops, onCrash: OnCrash): Promise<SingleStage> {
  const postgres = await startPostgres(await freePort());
  stops.push(() => postgres.stop());
  const databaseUrl = await postgres.create('faults');
  const redisPort = await freePort();
  const redis = await startRedisAt(redisPort);
  stops.push(() => redis.end());
  const wire = await startWire(postgres.port);
  stops.push(() => wire.stop());
  const servers = [{ databaseUrl }, { databaseUrl: wire.through(databaseUrl) }] as const;
  const redisUrl = `redis://127.0.0.1:${redisPort}`;
  const stage = await startServers({ name: 'server', databaseUrl, servers, redisUrl }, stops, onCrash);
  return { ...stage, postgres, databaseUrl, redis, wire };
}
