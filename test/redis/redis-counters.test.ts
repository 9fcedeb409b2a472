import { expect } from 'chai';
import type { Redis } from 'ioredis';
import type { Counters } from '../../src/domain/attempts/counters.ts';
import { redisCounters } from '../../src/domain/attempts/redis-counters.ts';

/** Counters that only note what they were asked. */
function notingCounters(): Counters & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async take(name, limit, windowSeconds) {
      asked.push(`take ${name} ${limit} ${windowSeconds}`);
      return { taken: false, retryAfter: 5 };
    },
    async giveBack(name) {
      asked.push(`give back ${name}`);
    },
  };
}

type Eval = (script: string, keys: number, key: string, ...values: unknown[]) => Promise<unknown>;

const redisThat = (evaluate: Eval): Redis => ({ eval: evaluate }) as unknown as Redis;

describe('counters in Redis', () => {
  it('go on in the database when Redis fails', async () => {
    const fallback = notingCounters();
    const redis = redisThat(() => Promise.reject(new Error('Command timed out')));
    const counters = redisCounters({ redis, fallback });
    expect(await counters.take('somebody', 10, 60)).to.deep.equal({ taken: false, retryAfter: 5 });
    await counters.giveBack('somebody');
    expect(fallback.asked).to.deep.equal(['take somebody 10 60', 'give back somebody']);
  });

  it('say in whole seconds when the next try makes sense', async () => {
    const fallback = notingCounters();
    const answers = [0, 1, 59_001];
    const counters = redisCounters({ redis: redisThat(async () => answers.shift()), fallback });
    expect(await counters.take('a', 1, 60)).to.deep.equal({ taken: true, retryAfter: 0 });
    expect(await counters.take('a', 1, 60)).to.deep.equal({ taken: false, retryAfter: 1 });
    expect(await counters.take('a', 1, 60)).to.deep.equal({ taken: false, retryAfter: 60 });
    expect(fallback.asked).to.deep.equal([]);
  });

  it('keep no name', async () => {
    const keys: string[] = [];
    const redis = redisThat(async (_script, _keys, key) => {
      keys.push(key);
      return 0;
    });
    await redisCounters({ redis, fallback: notingCounters() }).take('0812345678', 1, 60);
    expect(keys).to.have.length(1);
    expect(keys[0]).to.match(/^pratu:counter:[\w-]{43}$/);
  });
});
