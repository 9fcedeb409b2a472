import { expect } from 'chai';
import type { Counters } from '../../src/domain/rate-limits/counters.ts';
import { redisCounters } from '../../src/domain/rate-limits/redis-counters.ts';
import type { RedisConnection } from '../../src/redis/connection.ts';

/** Counters that only record their calls. */
function notingCounters(): Counters & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    consume: () => Promise.reject(new Error('takes are lists')),
    async consumeAll(wanted) {
      for (const { name, limit, windowSeconds } of wanted)
        asked.push(`take ${name} ${limit} ${windowSeconds}`);
      return { index: 0, retryAfter: 5 };
    },
    async look(name, limit) {
      asked.push(`look ${name} ${limit}`);
      return { taken: false, retryAfter: 7 };
    },
    async refund(...names) {
      for (const name of names) asked.push(`give back ${name}`);
    },
  };
}

const redisThat = (run: RedisConnection['run']): Pick<RedisConnection, 'run'> => ({ run });

describe('counters in Redis', () => {
  it('continue in the database when Redis fails', async () => {
    const fallback = notingCounters();
    const redis = redisThat(() => Promise.reject(new Error('Command timed out')));
    const counters = redisCounters({ redis, fallback });
    expect(await counters.consume('somebody', 10, 60)).to.deep.equal({ taken: false, retryAfter: 5 });
    expect(await counters.look('somebody', 10)).to.deep.equal({ taken: false, retryAfter: 7 });
    await counters.refund('somebody');
    expect(fallback.asked).to.deep.equal(['take somebody 10 60', 'look somebody 10', 'give back somebody']);
  });

  it('do not use a Redis that failed for a second, so that not every request waits for one that hangs', async () => {
    let [now, asked] = [0, 0];
    const redis = redisThat(async () => {
      asked += 1;
      if (asked === 1) throw new Error('Command timed out');
      return [];
    });
    const fallback = notingCounters();
    const counters = redisCounters({ redis, fallback, now: () => now });
    await counters.consume('a', 10, 60);
    now = 999;
    await counters.consume('b', 10, 60);
    expect(asked).to.equal(1);
    now = 1001;
    expect(await counters.consume('c', 10, 60)).to.deep.equal({ taken: true, retryAfter: 0 });
    expect([asked, fallback.asked]).to.deep.equal([2, ['take a 10 60', 'take b 10 60']]);
  });

  it('have one request find out whether Redis is back, while the others go on in the database', async () => {
    let now = 0;
    const asked: PromiseWithResolvers<unknown>[] = [];
    const redis = redisThat(() => {
      const command = Promise.withResolvers<unknown>();
      asked.push(command);
      return command.promise;
    });
    const fallback = notingCounters();
    const counters = redisCounters({ redis, fallback, now: () => now });
    const first = counters.consume('a', 10, 60);
    asked[0]?.reject(new Error('Command timed out'));
    await first;
    now = 1001;
    const finding = counters.consume('b', 10, 60);
    await counters.consume('c', 10, 60);
    expect(asked).to.have.length(2);
    asked[1]?.resolve([]);
    expect(await finding).to.deep.equal({ taken: true, retryAfter: 0 });
    const again = counters.consume('d', 10, 60);
    asked[2]?.resolve([]);
    expect(await again).to.deep.equal({ taken: true, retryAfter: 0 });
    expect(fallback.asked).to.deep.equal(['take a 10 60', 'take c 10 60']);
  });

  it('report once that Redis is bypassed, and once that it is used again', async () => {
    let now = 0;
    const told: string[] = [];
    const down = new Error('ECONNREFUSED');
    const answers = [down, down, [], []];
    const redis = redisThat(async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    });
    const counters = redisCounters({
      redis,
      fallback: notingCounters(),
      onBypassed: (error) => told.push(`bypassed: ${(error as Error).message}`),
      onUsed: () => told.push('used'),
      now: () => now,
    });
    for (let count = 0; count < 4; count += 1) {
      await counters.consume('a', 10, 60);
      now += 1001;
    }
    expect(told).to.deep.equal(['bypassed: ECONNREFUSED', 'used']);
    expect(answers).to.deep.equal([]);
  });

  it('say in whole seconds when the next attempt makes sense', async () => {
    const fallback = notingCounters();
    const answers = [[], [1, 1], [1, 59_001]];
    const counters = redisCounters({ redis: redisThat(async () => answers.shift()), fallback });
    expect(await counters.consume('a', 1, 60)).to.deep.equal({ taken: true, retryAfter: 0 });
    expect(await counters.consume('a', 1, 60)).to.deep.equal({ taken: false, retryAfter: 1 });
    expect(await counters.consume('a', 1, 60)).to.deep.equal({ taken: false, retryAfter: 60 });
    expect(fallback.asked).to.deep.equal([]);
  });

  it('look without taking', async () => {
    const sent: unknown[][] = [];
    const answers = [0, 59_001];
    const redis = redisThat(async (script, _keys, values = []) => {
      sent.push([/incr/.test(script), ...values]);
      return answers.shift();
    });
    const counters = redisCounters({ redis, fallback: notingCounters() });
    expect(await counters.look('a', 3)).to.deep.equal({ taken: true, retryAfter: 0 });
    expect(await counters.look('a', 3)).to.deep.equal({ taken: false, retryAfter: 60 });
    expect(sent).to.deep.equal([
      [false, 3],
      [false, 3],
    ]);
  });

  it('keep no name', async () => {
    const keys: string[] = [];
    const redis = redisThat(async (_script, given) => {
      keys.push(...given);
      return [];
    });
    await redisCounters({ redis, fallback: notingCounters() }).consume('0812345678', 1, 60);
    expect(keys).to.have.length(1);
    expect(keys[0]).to.match(/^\{pratu\}:counter:[\w-]{43}$/);
  });
});
