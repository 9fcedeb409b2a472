import { expect } from 'chai';
import { connectRedis } from '../../src/redis/connection.ts';
import { invalidation } from '../../src/redis/invalidation.ts';
import { freePort } from '../support/free-port.ts';

describe('the connection to Redis', () => {
  it('does not exist without an address', () => {
    expect(connectRedis({ url: undefined, commandTimeoutMs: 250 })).to.equal(undefined);
  });

  it('refuses at once while Redis is down, and ends no process', async () => {
    // a limit that is longer than a test may take
    const redis = connectRedis({ url: `redis://127.0.0.1:${await freePort()}`, commandTimeoutMs: 60_000 });
    expect(redis).to.not.equal(undefined);
    const outcome = await redis?.run('return 1', []).then(
      () => 'answered',
      () => 'refused',
    );
    expect(outcome).to.equal('refused');
    redis?.close();
  });

  it('publishes without subscribers, and does not fail', async () => {
    const redis = connectRedis({ url: `redis://127.0.0.1:${await freePort()}`, commandTimeoutMs: 250 });
    if (!redis) throw new Error('there is an address');
    const bus = invalidation(redis, () => {});
    bus.announce();
    bus.close();
    redis.close();
  });
});
