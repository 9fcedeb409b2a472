import { expect } from 'chai';
import { statementName } from '../../src/db/statement-name.ts';

describe('the name of a statement', () => {
  for (const [sql, name] of [
    ['select * from "accounts" where "id" = ? limit ?', 'SELECT accounts'],
    ['insert into "outbox" ("id") values (?)', 'INSERT outbox'],
    ['update sessions set a = 1', 'UPDATE sessions'],
    ['delete from only "Records" where id = any($1)', 'DELETE records'],
    ['with due as (select id from outbox for update) update outbox set a = 1', 'WITH outbox'],
    ['select pratu_give_back($1, true)', 'SELECT pratu_give_back'],
    ['\n   select 1', 'SELECT'],
    ['BEGIN;', 'BEGIN'],
    ['', 'SQL'],
  ] as const)
    it(`of ${JSON.stringify(sql)} is ${name}`, () => {
      expect(statementName(sql)).to.equal(name);
    });

  it('has no value, though one were in the text', () => {
    expect(statementName(`select * from accounts where email = 'someone@example.com'`)).to.equal(
      'SELECT accounts',
    );
    expect(statementName(`select 'from someone@example.com'`)).not.to.include('example');
  });
});
