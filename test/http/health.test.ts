import { expect } from 'chai';
import { type HealthDeps, health } from '../../src/http/health.ts';
import { routesOf, serveAll, stopAll } from './serve.ts';

describe('health', () => {
  afterEach(stopAll);

  const start = async (deps: Partial<HealthDeps>) => {
    const router = health({ checks: {}, draining: () => false, timeoutMs: 50, ...deps });
    const { url } = await serveAll(routesOf(router));
    return async (path: string) => {
      const response = await fetch(url + path);
      return { status: response.status, body: await response.json() };
    };
  };
  const fine = async () => undefined;

  it('is live, whatever is broken', async () => {
    const get = await start({
      checks: { database: () => Promise.reject(new Error('down')) },
      draining: () => true,
    });
    expect(await get('/live')).to.deep.equal({ status: 200, body: { status: 'live' } });
  });

  it('is ready when every check passes', async () => {
    const get = await start({ checks: { database: fine, redis: fine } });
    const checks = { database: 'ok', redis: 'ok' };
    expect(await get('/ready')).to.deep.equal({ status: 200, body: { status: 'ready', checks } });
  });

  for (const [name, check] of [
    ['rejects', () => Promise.reject(new Error('password=s3cr3t'))],
    [
      'throws',
      () => {
        throw new Error('password=s3cr3t');
      },
    ],
    ['hangs', () => new Promise<void>(() => undefined)],
  ] as const)
    it(`is not ready when a check ${name}, and does not say why`, async () => {
      const get = await start({ checks: { database: check, redis: fine } });
      const checks = { database: 'failed', redis: 'ok' };
      expect(await get('/ready')).to.deep.equal({ status: 503, body: { status: 'unavailable', checks } });
    });

  it('is not ready while it drains, and checks nothing then', async () => {
    let asked = 0;
    const check = async () => {
      asked += 1;
    };
    const get = await start({ checks: { database: check }, draining: () => true });
    expect(await get('/ready')).to.deep.equal({ status: 503, body: { status: 'draining', checks: {} } });
    expect(asked).to.equal(0);
  });

  it('checks once for probes that come together, and again for the next', async () => {
    let asked = 0;
    let arrived = 0;
    const together = Promise.withResolvers<void>();
    const check = () => {
      asked += 1;
      return together.promise;
    };
    const router = health({ checks: { database: check }, draining: () => false, timeoutMs: 5000 });
    const { url } = await serveAll((_ctx, next) => {
      arrived += 1;
      const answer = next();
      if (arrived === 3) together.resolve();
      return answer;
    }, routesOf(router));
    const statuses = await Promise.all([1, 2, 3].map(async () => (await fetch(`${url}/ready`)).status));
    expect(statuses).to.deep.equal([200, 200, 200]);
    expect(asked).to.equal(1);
    await fetch(`${url}/ready`);
    expect(asked).to.equal(2);
  });
});
