import { expect } from 'chai';
import { withinLimit } from '../../src/db/wait-limit.ts';
import { AppError } from '../../src/errors/app-error.ts';
import { inRequestContext, type RequestContext } from '../../src/lib/request-context.ts';
import { testDatabase } from '../support/database.ts';

/** Runs work in a request that has reached its limit of waiting for the database. */
const atItsLimit = <T>(work: () => Promise<T>): Promise<T> =>
  inRequestContext({ actor: 'system', waiting: { limitMs: 1, since: performance.now() - 1000 } }, work);

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describe('a request at its limit of waiting for the database', () => {
  it('is refused immediately, and calls onLate without starting the work', async () => {
    let told = 0;
    let begun = false;
    const work = async (): Promise<void> => {
      begun = true;
    };
    const onLate = (): void => {
      told += 1;
    };
    expect(await refusal(atItsLimit(() => withinLimit(work, { onLate })))).to.equal('UNAVAILABLE');
    expect([told, begun]).to.deep.equal([1, false]);
  });

  it('keeps no connection, however many requests there are', async () => {
    const { knex } = await testDatabase();
    const { pool } = knex.client as { pool: { max: number; numUsed(): number } };
    for (let time = 0; time < 2 * pool.max; time += 1)
      expect(await refusal(atItsLimit(async () => knex.raw('select 1')))).to.equal('UNAVAILABLE');
    const { rows } = await knex.raw('select 1 as one');
    expect(rows).to.deep.equal([{ one: 1 }]);
    expect(pool.numUsed()).to.equal(0);
  });

  it('leaves no transaction open for whoever has its connection next', async () => {
    const { knex } = await testDatabase();
    const { pool } = knex.client as { pool: { max: number } };
    const context: RequestContext = { actor: 'system', waiting: { limitMs: 10_000 } };
    const work = inRequestContext(context, () =>
      knex.transaction(async (transaction) => {
        await transaction.raw('select txid_current()');
        context.waiting = { limitMs: 1, since: performance.now() - 1000 };
        await transaction.raw('select 1');
      }),
    );
    expect(await refusal(work)).to.equal('UNAVAILABLE');
    const open = await Promise.all(
      Array.from({ length: pool.max }, async () => {
        const { rows } = await knex.raw('select txid_current_if_assigned() as open, pg_sleep(0.05)');
        return rows[0].open;
      }),
    );
    expect(open).to.deep.equal(Array.from({ length: pool.max }, () => null));
  });
});
