import { expect } from 'chai';
import type { FreshServer } from '../../concurrency/fresh-server.ts';
import { moveClock } from '../../support/clock.ts';
import { forgetCounts } from '../../support/forget-counts.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { BASIC_CLIENT } from '../../support/sign-in.ts';
import { codeServer, codeSteps, from, otherThan, unlimited } from './code-steps.ts';
import { type Answer, customersClient, newMobile, violationsOf } from './customers-client.ts';

const HOUR = 3600;

/** Numbers that differ in their last four digits only. */
const neighbours = (count: number): string[] => {
  const prefix = newMobile().slice(0, 6);
  return Array.from({ length: count }, (_, index) => `${prefix}${String(1000 + index)}`);
};

describe('Customers API: limits of one-time codes', () => {
  let server: FreshServer;
  let api: ReturnType<typeof customersClient>;
  let steps: ReturnType<typeof codeSteps>;

  before(async () => {
    server = await codeServer();
    api = customersClient(server);
    steps = codeSteps(server);
  });

  // windows that began while the clock was ahead would last for days
  beforeEach(() => forgetCounts(server.database));

  after(() => server.leave());

  const move = (seconds: number): Promise<void> => moveClock(server.database, seconds);

  /** Requests the code of the next minute, from an address. */
  async function later(mobile: string, address: string): Promise<Answer> {
    await move(61);
    return steps.ask(mobile, from(address));
  }

  /** Runs `work` on a server with its own limits, over the same tables. */
  async function withLimits(
    limits: Parameters<typeof unlimited>[0],
    work: (own: ReturnType<typeof codeSteps> & ReturnType<typeof customersClient>) => Promise<void>,
    more: Parameters<typeof startServer>[0] = {},
  ): Promise<void> {
    const own: TestServer = await startServer({ ...unlimited(limits), ...more });
    await work({ ...customersClient(own), ...codeSteps(own) }).finally(own.stop);
  }

  function expectTooMany(answer: Answer, { most = HOUR, least = 1 } = {}): void {
    expect(answer.status).to.equal(429);
    expect(Number(answer.headers.get('retry-after'))).to.be.within(least, most);
    expect(answer.body.error).to.be.a('string');
  }

  it('let a number have one a minute', async () => {
    const mobile = newMobile();
    expect((await steps.ask(mobile)).status).to.equal(200);
    expectTooMany(await steps.ask(mobile, from('203.0.113.7')), { most: 60, least: 50 });
    await move(61);
    expect((await steps.ask(mobile)).status).to.equal(200);
    expect(await steps.textsTo(mobile)).to.have.length(2);
  });

  it('count a number that has nothing to get as any other', async () => {
    const mobile = newMobile();
    expect((await steps.ask(mobile, {}, 'reset')).status).to.equal(200);
    expectTooMany(await steps.ask(mobile, {}, 'reset'), { most: 60 });
    expect(await steps.textsTo(mobile)).to.deep.equal([]);
  });

  it('let one of many simultaneous requests through', async () => {
    const mobile = newMobile();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => steps.ask(mobile, from(`192.0.2.${index}`))),
    );
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    expect(await steps.textsTo(mobile)).to.have.length(1);
  });

  it('keep the last two of an hour and of a day for other addresses', async () => {
    const mobile = newMobile();
    const stranger = '198.51.100.1';
    for (let time = 0; time < 3; time += 1) expect((await later(mobile, stranger)).status).to.equal(200);
    expectTooMany(await later(mobile, stranger));
    expect((await later(mobile, '198.51.100.2')).status).to.equal(200);
    expectTooMany(await later(mobile, '198.51.100.2'));
    expect((await later(mobile, '198.51.100.3')).status).to.equal(200);
    expectTooMany(await later(mobile, '198.51.100.4'));

    await move(HOUR);
    for (let time = 0; time < 3; time += 1) expect((await later(mobile, stranger)).status).to.equal(200);
    await move(HOUR);
    expectTooMany(await later(mobile, stranger), { most: 24 * HOUR, least: 20 * HOUR });
    expect((await later(mobile, '198.51.100.5')).status).to.equal(200);
    expect((await later(mobile, '198.51.100.6')).status).to.equal(200);
    expectTooMany(await later(mobile, '198.51.100.7'), { most: 24 * HOUR, least: 20 * HOUR });
    await move(22 * HOUR);
    expect((await later(mobile, stranger)).status).to.equal(200);
  });

  it('count an address, and the /64 of a longer one', async () => {
    await withLimits({ addressPerHour: 2 }, async (own) => {
      const asked = async (address: string) => (await own.ask(newMobile(), from(address))).status;
      for (const status of [200, 200, 429]) expect(await asked('203.0.113.20')).to.equal(status);
      expect(await asked('203.0.113.21')).to.equal(200);
      expect(await asked('2001:db8:1:2::1')).to.equal(200);
      expect(await asked('2001:db8:1:2:ffff::2')).to.equal(200);
      expect(await asked('2001:db8:1:2::3')).to.equal(429);
      expect(await asked('2001:db8:1:3::1')).to.equal(200);
      // the client's own entries, before the one that the proxy adds
      expect(await asked('192.0.2.99, 203.0.113.20')).to.equal(429);
    });
  });

  it('ignore the address that a caller claims', async () => {
    await withLimits(
      { addressPerHour: 1 },
      async (own) => {
        expect((await own.ask(newMobile(), from('203.0.113.31'))).status).to.equal(200);
        expectTooMany(await own.ask(newMobile(), from('203.0.113.32')));
      },
      { server: { trustProxy: 0 } },
    );
  });

  it('give a first-party client limits of its own', async () => {
    const authorization = { authorization: BASIC_CLIENT };
    await withLimits({ addressPerHour: 1, clientPerHour: 2 }, async (own) => {
      const here = from('203.0.113.40');
      for (const status of [200, 429]) expect((await own.ask(newMobile(), here)).status).to.equal(status);
      for (const status of [200, 200, 429])
        expect((await own.ask(newMobile(), { ...here, ...authorization })).status).to.equal(status);
    });
  });

  it('refuse a client that is not who it says', async () => {
    const mobile = newMobile();
    for (const pair of ['client:wrong', 'nobody:secret', 'spa:']) {
      const answer = await steps.ask(mobile, { authorization: `Basic ${btoa(pair)}` });
      expect(answer.status, pair).to.equal(401);
    }
    expect(await steps.textsTo(mobile)).to.deep.equal([]);
  });

  it('count numbers that differ in their last four digits together', async () => {
    await withLimits({ prefixPerHour: 2 }, async (own) => {
      const [one = '', two = '', three = ''] = neighbours(3);
      expect((await own.ask(one)).status).to.equal(200);
      expect((await own.ask(two)).status).to.equal(200);
      expectTooMany(await own.ask(three));
      expect((await own.ask(newMobile())).status).to.equal(200);
      await move(HOUR);
      expect((await own.ask(three)).status).to.equal(200);
    });
  });

  it('stop the whole deployment, without taking anything from the number', async () => {
    const mobile = newMobile();
    expect((await steps.ask(newMobile())).status).to.equal(200);
    await withLimits({ globalPerHour: 1 }, async (own) => {
      const answer = await own.ask(mobile);
      expect(answer.status).to.equal(503);
      expect(Number(answer.headers.get('retry-after'))).to.be.within(1, HOUR);
      expect(answer.body).to.have.property('error');
    });
    expect((await steps.ask(mobile)).status).to.equal(200);
  });

  it('stop a prefix whose codes hardly anyone types in', async () => {
    await withLimits({ conversionSends: 3, conversionLeast: 0.3 }, async (own) => {
      const pumped = neighbours(4);
      for (const mobile of pumped.slice(0, 3)) expect((await own.ask(mobile)).status).to.equal(200);
      const honest = neighbours(4);
      await api.customer({ mobile: honest[0] });
      for (const mobile of honest.slice(1, 3)) expect((await own.ask(mobile)).status).to.equal(200);
      // codes that can still be typed are no evidence
      expect((await own.ask(pumped[3] ?? '')).status).to.equal(200);
      await move(301);
      expectTooMany(await own.ask(pumped[0] ?? ''));
      expect((await own.ask(honest[3] ?? '')).status).to.equal(200);
      await move(24 * HOUR);
      expect((await own.ask(pumped[0] ?? '')).status).to.equal(200);
    });
  });

  it('stop only the network that wastes codes of a prefix, and everybody when three do', async () => {
    await withLimits({ conversionSends: 3 }, async (own) => {
      const pumped = neighbours(12);
      const ask = async (address: string) => (await own.ask(pumped.shift() ?? '', from(address))).status;
      for (const host of [1, 2, 3]) expect(await ask(`203.0.113.${host}`)).to.equal(200);
      await move(301);
      expect(await ask('203.0.113.4')).to.equal(429);
      expect(await ask('198.51.100.1')).to.equal(200);
      await move(301);
      expect(await ask('198.51.100.2')).to.equal(429);
      expect(await ask('192.0.2.1')).to.equal(200);
      await move(301);
      expect(await ask('2001:db8:9:9::1')).to.equal(429);
    });
  });

  it('keep a fifth of an hour’s codes to a prefix for addresses that have not asked today', async () => {
    await withLimits({ prefixPerHour: 5 }, async (own) => {
      const mobiles = neighbours(8);
      const ask = async (address: string) => (await own.ask(mobiles.shift() ?? '', from(address))).status;
      for (const status of [200, 200, 200, 200, 429]) expect(await ask('203.0.113.70')).to.equal(status);
      expect(await ask('203.0.113.71')).to.equal(200);
      expect(await ask('203.0.113.72')).to.equal(429);
    });
  });

  it('evaluate ten wrong codes of a number an hour, whatever newer codes come', async () => {
    const { mobile } = await api.customer();
    await move(61);
    let evaluated = 0;
    await withLimits({ resendAfter: 1, sendsPerHour: 100, sendsPerDay: 100 }, async (own) => {
      for (let cycle = 0; cycle < 20; cycle += 1) {
        await move(2);
        const code = await own.newCode(mobile, 'reset');
        for (let step = 1; step <= 4; step += 1) {
          const { status } = await own.verify(mobile, otherThan(code, step));
          if (status === 400) evaluated += 1;
          else expect(status).to.equal(429);
        }
      }
    });
    expect(evaluated).to.equal(10);
  });

  it('say nothing about a right code once ten wrong ones came', async () => {
    const { mobile } = await api.customer();
    await move(61);
    await withLimits({ triesPerCode: 100 }, async (own) => {
      const code = await own.newCode(mobile, 'reset');
      for (let step = 1; step <= 10; step += 1)
        expect((await own.verify(mobile, otherThan(code, step))).status).to.equal(400);
      expectTooMany(await own.verify(mobile, code), { least: HOUR - 60 });
      expectTooMany(await own.reset(mobile, code, 'another-horse-battery'));
    });
    await move(HOUR);
    expect((await steps.verify(mobile, await api.newCode(mobile, 'reset'))).status).to.equal(200);
  });

  it('let nobody block a number by guessing while no code waits for it', async () => {
    const { mobile } = await api.customer();
    await move(61);
    for (let guess = 0; guess < 30; guess += 1)
      expect((await steps.verify(mobile, '000000')).status).to.equal(400);
    expect((await steps.verify(mobile, await api.newCode(mobile, 'reset'))).status).to.equal(200);
  });

  it('name taken identities twenty times an hour to an address', async () => {
    const { thaiId } = (await api.customer()) as Record<string, unknown>;
    const here = from('203.0.113.60');
    for (let person = 0; person < 2; person += 1) {
      const body = await api.person({ thaiId, email: undefined });
      for (let time = 0; time < 10; time += 1)
        expect((await api.post('/customers/pre-register', body, here)).status).to.equal(409);
    }
    const body = await api.person({ thaiId, email: undefined });
    expectTooMany(await api.post('/customers/pre-register', body, here));
    // the same for a free identity: a refusal for taken ones only would reveal which are taken
    const free = await api.person({ email: undefined });
    expectTooMany(await api.post('/customers/pre-register', free, here));
    const elsewhere = await api.post('/customers/pre-register', body, from('203.0.113.61'));
    expect(violationsOf(elsewhere)).to.deep.equal({ 'preRegister.thaiId': 'DUP-10050' });
  });
});
