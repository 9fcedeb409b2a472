import { expect } from 'chai';
import type { Database } from '../../../src/db/database.ts';
import { type Counters, databaseCounters } from '../../../src/domain/rate-limits/counters.ts';
import { moveClock } from '../../support/clock.ts';
import { testDatabase } from '../../support/database.ts';

describe('counters in the database', () => {
  let database: Database;
  let counters: Counters;

  before(async () => {
    database = await testDatabase();
    counters = databaseCounters({ db: database.knex });
  });

  const name = (): string => crypto.randomUUID();

  it('count to the limit and not further, however many ask at once', async () => {
    const key = name();
    const takes = await Promise.all(Array.from({ length: 30 }, () => counters.consume(key, 7, 60)));
    expect(takes.filter(({ taken }) => taken)).to.have.length(7);
    for (const { taken, retryAfter } of takes) expect(retryAfter).to.be.within(taken ? 0 : 1, taken ? 0 : 60);
  });

  it('take all or none, and say which refuses first', async () => {
    const [wide, narrow, last] = [name(), name(), name()];
    const wanted = [
      { name: wide, limit: 5, windowSeconds: 60 },
      { name: narrow, limit: 2, windowSeconds: 30 },
      { name: last, limit: 1, windowSeconds: 10 },
    ];
    expect(await counters.consumeAll(wanted)).to.equal(undefined);
    for (const refused of [2, 2, 2])
      expect(await counters.consumeAll(wanted)).to.deep.include({ index: refused });
    // one was taken of the five and one of the two, and nothing more
    const left = async (key: string, limit: number): Promise<number> => {
      const takes = await Promise.all(Array.from({ length: limit }, () => counters.consume(key, limit, 60)));
      return takes.filter(({ taken }) => taken).length;
    };
    expect([await left(wide, 5), await left(narrow, 2), await left(last, 1)]).to.deep.equal([4, 1, 0]);
    expect((await counters.consumeAll(wanted))?.index).to.equal(0);
    await counters.refund(wide, last);
    expect((await counters.consumeAll(wanted))?.index).to.equal(1);
  });

  it('take all or none for many simultaneous requests', async () => {
    const [one, other] = [name(), name()];
    const wanted = [
      { name: one, limit: 20, windowSeconds: 60 },
      { name: other, limit: 7, windowSeconds: 60 },
    ];
    const refused = await Promise.all(Array.from({ length: 30 }, () => counters.consumeAll(wanted)));
    expect(refused.filter((each) => each === undefined)).to.have.length(7);
    const rest = await Promise.all(Array.from({ length: 20 }, () => counters.consume(one, 20, 60)));
    expect(rest.filter(({ taken }) => taken)).to.have.length(13);
  });

  it('are taken and refunded by many simultaneous requests, in any order of their names', async () => {
    const names = [name(), name(), name()];
    const orders = [names, names.toReversed()];
    const turn = async (index: number): Promise<void> => {
      const own = orders[index % 2] as string[];
      expect(
        await counters.consumeAll(own.map((key) => ({ name: key, limit: 1000, windowSeconds: 60 }))),
      ).to.equal(undefined);
      await counters.refund(...own);
    };
    for (let round = 0; round < 5; round += 1)
      await Promise.all(Array.from({ length: 24 }, (_, index) => turn(index)));
    for (const key of names) expect((await counters.look(key, 1)).taken).to.equal(true);
  });

  it('refund, but never below zero', async () => {
    const key = name();
    await counters.consume(key, 1, 60);
    await counters.refund(key);
    await counters.refund(key);
    expect((await counters.consume(key, 1, 60)).taken).to.equal(true);
    expect((await counters.consume(key, 1, 60)).taken).to.equal(false);
  });

  it('are given back with other rows, or not at all', async () => {
    const [key, event] = [name(), name()];
    const row = (values: unknown[]) => ({
      text: 'insert into audit (event, details) values ($1, $2)',
      values,
    });
    const noted = () => database.knex('audit').where({ event });
    const isFull = async () => !(await counters.look(key, 1)).taken;
    await counters.consume(key, 1, 60);
    const failed = counters.refundWith?.([row([event, '{}']), row([event, 'no JSON'])], key);
    expect(await failed?.catch(() => 'failed')).to.equal('failed');
    expect([await isFull(), await noted()]).to.deep.equal([true, []]);
    await counters.refundWith?.([row([event, '{"n":1}']), row([event, '{"n":2}'])], key);
    expect(await isFull()).to.equal(false);
    expect((await noted()).map(({ details }) => details.n).sort()).to.deep.equal([1, 2]);
  });

  it('start again after the window, which the later events do not stretch', async () => {
    const database = await testDatabase();
    const key = name();
    await counters.consume(key, 2, 60);
    await moveClock(database, 50);
    await counters.consume(key, 2, 60);
    expect((await counters.consume(key, 2, 60)).retryAfter).to.be.within(1, 10);
    await moveClock(database, 11);
    expect((await counters.consume(key, 2, 60)).taken).to.equal(true);
  });

  it('keep no name', async () => {
    const { knex } = await testDatabase();
    await counters.consume('0812345678', 5, 60);
    const { rows } = await knex.raw("select encode(key, 'escape') as key from counters");
    expect(JSON.stringify(rows)).to.not.contain('0812345678');
  });
});
