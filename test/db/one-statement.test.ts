import { expect } from 'chai';
import { oneStatement, runStatement } from '../../src/db/one-statement.ts';
import { testDatabase } from '../support/database.ts';

describe('several statements as one', () => {
  it('keep their values, whichever number these have', () => {
    const one = oneStatement([
      { text: 'update a set x = $2 where y = $1', values: ['y', 'x'] },
      { text: 'insert into b values ($1, $1)', values: [3] },
      { text: 'select $1, $2', values: [4, 5] },
    ]);
    expect(one).to.deep.equal({
      text:
        'with part_1 as (update a set x = $2 where y = $1), part_2 as (insert into b values ($3, $3)) ' +
        'select $4, $5',
      values: ['y', 'x', 3, 4, 5],
    });
  });

  it('are the statement itself where there is one', () => {
    const alone = { text: 'select $1', values: [1] };
    expect(oneStatement([alone])).to.deep.equal(alone);
  });

  it('follow others, and read the rows that these return', () => {
    const already = { parts: 'first as (select $1)', values: [0] };
    const one = oneStatement(
      [
        { as: 'made', text: 'insert into a values ($1) returning id', values: [1] },
        { text: 'select id, $1 from made', values: [2] },
      ],
      already,
    );
    expect(one).to.deep.equal({
      text: 'with first as (select $1), made as (insert into a values ($2) returning id) select id, $3 from made',
      values: [0, 1, 2],
    });
  });

  it('run through Knex, with a value in several places', async () => {
    const { knex } = await testDatabase();
    const statement = { text: 'select $2::int + $2::int - $1::int as sum', values: [1, 20] };
    expect((await runStatement(knex, statement)).rows).to.deep.equal([{ sum: 39 }]);
  });
});
