import { expect } from 'chai';
import type { Db } from '../../../src/db/database.ts';
import { lastAccess } from '../../../src/domain/last-access/last-access.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { moveClock } from '../../support/clock.ts';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('the last access', () => {
  let domain: EmptyDomain;
  let statements: number;
  const count = ({ sql }: { sql: string }): void => {
    if (sql.includes('last_accesses')) statements += 1;
  };

  before(async () => {
    domain = await emptyDomain();
    domain.database.knex.on('query', count);
  });
  beforeEach(() => {
    statements = 0;
  });
  after(async () => {
    domain.database.knex.removeListener('query', count);
    await domain.leave();
  });

  const rows = (id: number) =>
    domain.database
      .knex('last_accesses')
      .where({ account_id: id })
      .orderBy('channel')
      .select('channel', 'at');

  it('is written for everybody in one statement, however often it is noted', async () => {
    const ids = [(await domain.lifecycle.create({})).id, (await domain.lifecycle.create({})).id];
    for (let index = 0; index < 100; index += 1)
      for (const id of ids) domain.lastAccess.note(id, index % 2 ? 'app' : 'stb');
    expect(statements).to.equal(0);
    await domain.lastAccess.flush();
    expect(statements).to.equal(1);
    for (const id of ids)
      expect((await rows(id)).map(({ channel }) => channel)).to.deep.equal(['app', 'stb']);
    statements = 0;
    await domain.lastAccess.flush();
    expect(statements).to.equal(0);
  });

  it('has the time of the access, not of the write', async () => {
    const { id } = await domain.lifecycle.create({});
    const then = Date.now();
    domain.lastAccess.note(id, 'web');
    await moveClock(domain.database, 300);
    const { web, ...others } = await domain.lastAccess.of(id);
    expect(web?.getTime()).to.be.within(then - 2000, then + 2000);
    expect(others).to.deep.equal({});
  });

  it('never goes back, and changes once a minute at most', async () => {
    const { id } = await domain.lifecycle.create({});
    const note = async (): Promise<Date | undefined> => {
      domain.lastAccess.note(id, 'app');
      return (await domain.lastAccess.of(id)).app;
    };
    const first = await note();
    await moveClock(domain.database, 50);
    expect(await note()).to.deep.equal(first);
    await moveClock(domain.database, 20);
    expect((await note())?.getTime()).to.be.above(first?.getTime() ?? 0);
    await domain.database.knex.raw(`update last_accesses set at = pratu_now() + interval '1 hour'`);
    const later = (await domain.lastAccess.of(id)).app;
    expect(await note()).to.deep.equal(later);
  });

  it('is not stored without a channel, or for a deleted account', async () => {
    const { id } = await domain.lifecycle.create({});
    domain.lastAccess.note(id, undefined);
    expect(await domain.lastAccess.of(id)).to.deep.equal({});
    domain.lastAccess.note(id, 'app');
    await domain.lifecycle.remove(id);
    expect(await domain.lastAccess.of(id)).to.deep.equal({});
    domain.lastAccess.note(10 ** 15, 'app');
    await domain.lastAccess.flush();
  });

  it('waits while the database is unavailable, with what is noted in the meantime', async () => {
    const { id } = await domain.lifecycle.create({});
    const { knex } = domain.database;
    let down = true;
    const failing = ((...parts: Parameters<typeof knex>) => knex(...parts)) as unknown as Db;
    failing.raw = ((...parts: Parameters<typeof knex.raw>) =>
      down ? Promise.reject(new Error('down')) : knex.raw(...parts)) as typeof knex.raw;
    const access = lastAccess({ db: failing, clock: systemClock });
    access.note(id, 'app');
    expect(
      await access.flush().then(
        () => 'written',
        (error: Error) => error.message,
      ),
    ).to.equal('down');
    access.note(id, 'web');
    down = false;
    expect(Object.keys(await access.of(id)).sort()).to.deep.equal(['app', 'web']);
  });
});
