import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Counters } from '../../src/domain/rate-limits/counters.ts';
import { redisCounters } from '../../src/domain/rate-limits/redis-counters.ts';
import { connectRedis, type RedisConnection } from '../../src/redis/connection.ts';
import { invalidation } from '../../src/redis/invalidation.ts';
import { eventually } from '../support/eventually.ts';
import {
  hasRedisServer,
  type RedisServer,
  redisCluster,
  redisServer,
  sentinelOf,
} from '../support/redis-servers.ts';

const refuses = (): Promise<never> => Promise.reject(new Error('the database was asked'));
const NO_DATABASE = { consume: refuses, consumeAll: refuses, look: refuses, refund: refuses } as Counters;

/** Three new counters with a limit of two. */
const newCounters = () =>
  ['address', 'network', 'everyone'].map((name) => ({
    name: `${name} ${randomUUID()}`,
    limit: 2,
    windowSeconds: 60,
  }));

async function connected(url: string): Promise<RedisConnection> {
  const redis = connectRedis({ url, commandTimeoutMs: 2000 });
  if (!redis) throw new Error('there is an address');
  await redis.ready(15_000);
  return redis;
}

/**
 * Consumes three counters twice, reaches the limit, and refunds them, each in one script. The database is never
 * used.
 */
async function counts(redis: RedisConnection): Promise<void> {
  const counters = redisCounters({ redis, fallback: NO_DATABASE });
  const wanted = newCounters();
  expect(await counters.consumeAll(wanted)).to.equal(undefined);
  expect(await counters.consumeAll(wanted)).to.equal(undefined);
  expect((await counters.consumeAll(wanted))?.index).to.equal(0);
  await counters.refund(...wanted.map(({ name }) => name));
  expect(await counters.look(wanted[1]?.name ?? '', 2)).to.deep.equal({ taken: true, retryAfter: 0 });
}

/** Expects that another connection receives a message of this one. */
async function announces(url: string, redis: RedisConnection): Promise<void> {
  let heard = 0;
  const other = await connected(url);
  const hearing = invalidation(other, () => {
    heard += 1;
  });
  const telling = invalidation(redis, () => {});
  await eventually(async () => {
    telling.announce();
    expect(heard).to.be.greaterThan(0);
  });
  for (const each of [hearing, telling, other]) each.close();
}

if (hasRedisServer) {
  describe('Redis at a Unix socket', () => {
    it('counts and announces', async () => {
      const server = await redisServer(['unixsocket redis.sock']);
      const url = `unix://${server.folder}/redis.sock`;
      const redis = await connected(url);
      await counts(redis);
      await announces(url, redis);
      redis.close();
      await server.kill();
    });
  });

  describe('a Redis Cluster', () => {
    it('counts several limits in one script, and announces', async function () {
      this.timeout(60_000);
      const nodes = await redisCluster();
      const url = `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
      const redis = await connected(url);
      await counts(redis);
      await announces(url, redis);
      redis.close();
      for (const node of nodes) await node.kill();
    });
  });

  describe('Redis behind a sentinel', () => {
    let primary: RedisServer;
    let replica: RedisServer;
    let sentinel: RedisServer;
    let url: string;
    let redis: RedisConnection;

    before(async function () {
      this.timeout(60_000);
      primary = await redisServer();
      replica = await redisServer([`replicaof 127.0.0.1 ${primary.port}`]);
      sentinel = await sentinelOf(primary.port);
      await eventually(async () => {
        const known = await sentinel.cli('sentinel', 'replicas', 'main');
        expect(known).to.include(String(replica.port)).and.include('master-link-status\nok');
      });
      url = `redis+sentinel://127.0.0.1:${sentinel.port}/main`;
      redis = await connected(url);
    });
    after(async () => {
      redis.close();
      for (const each of [primary, replica, sentinel]) await each.kill();
    });

    const writesAt = async (): Promise<string> =>
      String(
        await redis.run(
          `redis.call('set', KEYS[1], '') return string.match(redis.call('info', 'server'), 'tcp_port:(%d+)')`,
          ['{pratu}:where'],
        ),
      );

    it('counts at the primary, and announces', async () => {
      expect(await writesAt()).to.equal(String(primary.port));
      await counts(redis);
      await announces(url, redis);
    });

    it('follows to the new primary when the old one is killed, also when that comes back as a replica', async function () {
      this.timeout(60_000);
      await primary.kill();
      await eventually(async () => expect(await writesAt()).to.equal(String(replica.port)));
      await counts(redis);
      primary = await redisServer([`replicaof 127.0.0.1 ${replica.port}`], primary.port);
      await eventually(async () => expect(await primary.cli('role')).to.include('slave'));
      // a connection that is being re-established refuses for a moment; no command goes to the old primary
      for (let tries = 0; tries < 20; tries += 1) {
        const written = await writesAt().catch(() => 'refused');
        expect(['refused', String(replica.port)]).to.include(written);
      }
      await eventually(async () => expect(await writesAt()).to.equal(String(replica.port)));
      await announces(url, redis);
    });

    it('follows a switch while the old primary goes on', async function () {
      this.timeout(60_000);
      await eventually(async () =>
        expect(await replica.cli('info', 'replication')).to.include('state=online'),
      );
      await eventually(async () =>
        expect(await sentinel.cli('sentinel', 'failover', 'main')).to.include('OK'),
      );
      await eventually(async () => expect(await writesAt()).to.equal(String(primary.port)));
    });
  });
}
