import { expect } from 'chai';
import { sweep } from '../../../src/domain/sweeping/sweep.ts';
import { lockSweep, removeBatch } from '../../../src/domain/sweeping/sweep-store.ts';
import { type EmptyDomain, emptyDomain } from '../empty-domain.ts';

describe('sweeping', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  after(() => domain.leave());

  it('removes what is over and nothing else, in batches', async () => {
    const { knex } = domain.database;
    await knex.raw(`insert into records (id, kind, payload, expires_at)
      select gen_random_uuid(), 'AccessToken', '{}', pratu_now() + make_interval(secs => n - 7)
      from generate_series(0, 12) n where n <> 7`);
    await knex.raw(`insert into sessions (uid, payload, expires_at)
      values ('old', '{}', pratu_now() - interval '1 s'), ('new', '{}', pratu_now() + interval '1 hour')`);
    const { id } = await domain.accounts.create({});
    await knex.raw(
      `insert into sign_in_origins (account_id, origin, last_at)
      values (?, 'a', pratu_now() - interval '91 days'), (?, 'b', pratu_now())`,
      [id, id],
    );
    const removed = await sweep({ db: knex, batch: 3 });
    expect(removed).to.include({ records: 7, sessions: 1, sign_in_origins: 1, outbox: 0, audit: 0 });
    expect(await knex('sessions').pluck('uid')).to.deep.equal(['new']);
    expect(await knex('records').count()).to.deep.equal([{ count: 5 }]);
    expect((await sweep({ db: knex, batch: 3 })).records).to.equal(0);
  });

  it('never removes more than a batch at a time', async () => {
    const { knex } = domain.database;
    await knex.raw(`insert into sessions (uid, payload, expires_at)
      select 'over-' || n, '{}', pratu_now() - interval '1 s' from generate_series(1, 5) n`);
    const first = await knex.transaction(async (tx) => {
      expect(await lockSweep(tx)).to.equal(true);
      return removeBatch(tx, 'sessions', 2);
    });
    expect(first).to.equal(2);
  });
});
