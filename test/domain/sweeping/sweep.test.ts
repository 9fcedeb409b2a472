import { expect } from 'chai';
import { type Removed, sweeper } from '../../../src/domain/sweeping/sweep.ts';
import { lockSweep, removeBatch } from '../../../src/domain/sweeping/sweep-store.ts';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const AUDIT_DAYS = 400;

describe('sweeping', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });
  beforeEach(() => domain.empty());
  after(() => domain.leave());

  const sweep = (size = 3, signal?: AbortSignal): Promise<Removed> =>
    sweeper({ db: domain.database.knex, size, auditDays: AUDIT_DAYS })(signal);

  const overSessions = (count: number): Promise<unknown> =>
    domain.database.knex.raw(
      `insert into sessions (uid, payload, expires_at)
      select 'over-' || n, '{}', pratu_now() - interval '1 s' from generate_series(1, ?::int) n`,
      [count],
    );
  const countOf = async (table: string): Promise<number> =>
    Number((await domain.database.knex(table).count())[0]?.count);

  it('removes what has expired and nothing else, in batches, however much it is', async () => {
    const { knex } = domain.database;
    await knex.raw(`insert into records (id, kind, payload, expires_at)
      select gen_random_uuid(), 'AccessToken', '{}', pratu_now() + make_interval(mins => n - 100)
      from generate_series(0, 105) n where n <> 100`);
    await knex.raw(`insert into sessions (uid, payload, expires_at)
      values ('old', '{}', pratu_now() - interval '1 s'), ('new', '{}', pratu_now() + interval '1 hour')`);
    await knex.raw(`insert into session_ids (id, uid, expires_at)
      values (gen_random_uuid(), 'new', pratu_now() - interval '1 s'), (gen_random_uuid(), 'new', 'infinity')`);
    const { id } = await domain.lifecycle.create({});
    await knex.raw(
      `insert into sign_in_origins (account_id, origin, last_at)
      values (?, 'a', pratu_now() - interval '91 days'), (?, 'b', pratu_now())`,
      [id, id],
    );
    await knex('audit').delete();
    await knex.raw(`insert into audit (event, at) values ('a', pratu_now() - interval '401 days'),
      ('b', pratu_now() - interval '399 days')`);
    const removed = await sweep();
    expect(removed).to.include({
      records: 100,
      sessions: 1,
      session_ids: 1,
      sign_in_origins: 1,
      audit: 1,
      outbox: 0,
    });
    expect(await knex('sessions').pluck('uid')).to.deep.equal(['new']);
    expect(await knex('audit').pluck('event')).to.deep.equal(['b']);
    expect([await countOf('records'), await countOf('session_ids')]).to.deep.equal([5, 1]);
    expect((await sweep()).records).to.equal(0);
  });

  it('checks some devices in every run, and all of them over several runs', async () => {
    const { knex } = domain.database;
    const { id, generation } = await domain.lifecycle.create({});
    // every third device has a valid key
    await knex.raw(
      `insert into devices (gcm_id, account_id, grant_record)
      select 'device-' || lpad(n::text, 3, '0'), ?, md5(n::text)::uuid from generate_series(1, 20) n`,
      [id],
    );
    await knex.raw(
      `insert into records (id, kind, payload, grant_id, account_id, generation, expires_at)
      select gen_random_uuid(), 'AccessToken', '{}', md5(n::text)::uuid, ?, ?, pratu_now() + interval '1 hour'
      from generate_series(3, 20, 3) n`,
      [id, generation],
    );
    const run = sweeper({ db: knex, size: 6, auditDays: AUDIT_DAYS });
    const removed: (number | undefined)[] = [];
    for (let time = 0; time < 5; time += 1) removed.push((await run()).devices);
    expect(removed).to.deep.equal([4, 4, 4, 2, 0]);
    expect(await countOf('devices')).to.equal(6);
  });

  it('never removes more than a batch at a time', async () => {
    await overSessions(5);
    const batch = { size: 2, auditDays: AUDIT_DAYS };
    const first = await domain.database.knex.transaction(async (tx) => {
      expect(await lockSweep(tx)).to.equal(true);
      return removeBatch(tx, 'sessions', batch);
    });
    expect(first).to.equal(2);
    expect(await countOf('sessions')).to.equal(3);
  });

  // the embedded database has one session, so there is no lock contention
  if (process.env.DATABASE_URL) {
    it('is skipped while another process runs it', async () => {
      await overSessions(5);
      await domain.database.knex.transaction(async (tx) => {
        expect(await lockSweep(tx)).to.equal(true);
        expect(await sweep()).to.deep.equal({ devices: 0 });
      });
      expect(await countOf('sessions')).to.equal(5);
    });

    it('waits for no lock: locked rows are left for the next run', async () => {
      await overSessions(5);
      await domain.database.knex.transaction(async (tx) => {
        await tx.raw(`select 1 from sessions where uid = 'over-2' for update`);
        expect((await sweep(10)).sessions).to.equal(4);
      });
      expect((await sweep()).sessions).to.equal(1);
    });
  }

  it('of two processes removes every row once', async () => {
    await overSessions(5);
    const both = await Promise.all([sweep(), sweep()]);
    await sweep();
    const once = both.reduce((sum, { sessions = 0 }) => sum + sessions, 0);
    expect([once <= 5, await countOf('sessions')]).to.deep.equal([true, 0]);
  });

  it('rests three times as long as it works', async () => {
    const { knex } = domain.database;
    await overSessions(5);
    await knex.raw(`create function slow_down() returns trigger language plpgsql as
      'begin perform pg_sleep(0.03); return old; end'`);
    await knex.raw(
      'create trigger slow_down before delete on sessions for each row execute function slow_down()',
    );
    try {
      const started = performance.now();
      expect((await sweep(1)).sessions).to.equal(5);
      // each of the batches takes 30 ms
      expect(performance.now() - started).to.be.at.least(5 * 30 * (1 + 3) - 5);
    } finally {
      await knex.raw('drop function slow_down() cascade');
    }
  });

  it('ends at its signal', async () => {
    await overSessions(5);
    expect(await sweep(3, AbortSignal.abort())).to.deep.equal({ devices: 0 });
    expect(await countOf('sessions')).to.equal(5);
  });
});
