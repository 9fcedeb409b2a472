import { expect } from 'chai';
import { RECORDED } from '../../src/db/recorded-migrations.ts';
import { type SqlStatement, statementsIn } from '../../src/db/sql-statements.ts';
import { effectOf, madeBy } from '../../src/db/statement-effects.ts';
import { filesUnder } from './tree.ts';

/** The last migration that could assume empty tables: the tables were created up to here. */
const LAST_ON_EMPTY_TABLES = 22;

const NAME = /^\d{3}_(create|add|drop|rename|index|fill|replace|set)_[a-z0-9_]+\.(sql|ts)$/;

/** Statements that hold a lock for a time proportional to the size of the table, and their remedies. */
const BLOCKING: readonly [RegExp, string][] = [
  [
    /create (unique )?index (?!concurrently)/i,
    'create the index concurrently, in a file "-- without a transaction"',
  ],
  [/drop index (?!concurrently)/i, 'drop the index concurrently'],
  [/alter column \w+ (set data )?type\b/i, 'add a column, fill it in portions, and change over'],
  [/alter column \w+ set not null/i, 'add a check constraint not valid, validate it, then set not null'],
  [
    /add (constraint \w+ )?(check|foreign key)(?![^;]*not valid)/i,
    'add the constraint not valid and validate it apart',
  ],
  [
    /add (constraint \w+ )?(unique|primary key)(?! using index)/i,
    'make the index concurrently and add it with "using index"',
  ],
  [/add column [^,;]*default (?!true|false|null|'|-?\d|now\(\)|pratu_now\(\))/i, 'give a constant default'],
  [/add column [^,;]*\b(serial|bigserial|generated)\b/i, 'add a plain column and fill it in batches'],
  [/\bset (un)?logged\b|\bset tablespace\b/i, 'leave the table where it is'],
  [/\brefresh materialized view (?!concurrently)/i, 'refresh it concurrently'],
  [/\bvacuum full\b|\bcluster\b|\block table\b/i, 'do without'],
];

const withoutComments = (sql: string): string => sql.replaceAll(/--.*$/gm, '');
const numberOf = (file: string): number => Number(file.slice(0, 3));

describe('migrations', () => {
  const files = filesUnder(['migrations/']).map(({ path, text }) => ({
    name: path.slice('migrations/'.length),
    text,
  }));

  /** The objections to the effect of a statement on rows, which `migrate --plan` reports. */
  function ofRows(one: SqlStatement): string[] {
    const effect = effectOf(one);
    if (!effect) return ['teach src/db/statement-effects.ts what it does'];
    const changes = effect.lock === 'ROW EXCLUSIVE' && effect.microsecondsPerRow > 0;
    return changes && !one.batches ? ['change rows "-- in batches of table.key", without a transaction'] : [];
  }

  /** The objections to a migration. */
  const objections = (text: string): string[] => {
    const all = statementsIn(text);
    // a table that this migration creates is empty
    const made = new Set(all.flatMap((one) => madeBy(one) ?? []));
    const statements = all.filter((one) => madeBy(one) || !made.has(effectOf(one)?.table ?? ''));
    return statements.flatMap((one) => [
      ...BLOCKING.filter(([pattern]) => pattern.test(withoutComments(one.text))).map(([, remedy]) => remedy),
      ...ofRows(one),
    ]);
  };

  it('are named by number and verb', () => {
    expect(files.map(({ name }) => name).filter((name) => !NAME.test(name))).to.deep.equal([]);
    const numbers = files.map(({ name }) => numberOf(name));
    expect(new Set(numbers).size).to.equal(numbers.length);
  });

  it('keep the name under which they were published', () => {
    const names = files.map(({ name }) => name.replace(/\.\w+$/, ''));
    expect(names).to.include.members(Object.keys(RECORDED));
  });

  it('block no table that has rows', () => {
    const blocking = files
      .filter(({ name }) => numberOf(name) > LAST_ON_EMPTY_TABLES && name.endsWith('.sql'))
      .flatMap(({ name, text }) => objections(text).map((objection) => `${name}: ${objection}`));
    expect(blocking).to.deep.equal([]);
  });

  for (const sql of [
    'create index a on accounts (id);',
    'alter table accounts alter column id type text;',
    'alter table accounts add constraint a check (id > 0);',
    'alter table accounts add column a uuid default gen_random_uuid();',
    'alter table accounts add column a bigserial;',
    'alter table accounts set unlogged;',
    'update accounts set status = 1;',
    'delete from contacts;',
    'reindex table accounts;',
  ])
    it(`are refused with ${sql}`, () => expect(objections(sql)).to.have.length(1));

  it('may change rows in batches', () => {
    const sql =
      '-- without a transaction\n-- in batches of accounts.id\nupdate accounts set a = 1 where id between ? and ?;';
    expect(objections(sql)).to.deep.equal([]);
  });

  it('in TypeScript came before the first account', () => {
    expect(files.filter(({ name }) => name.endsWith('.ts')).map(({ name }) => numberOf(name))).to.satisfy(
      (numbers: number[]) => numbers.every((number) => number <= LAST_ON_EMPTY_TABLES),
    );
  });

  it('may add to a table that they make', () => {
    expect(objections('create table a (id int);\ncreate index b on a (id);')).to.deep.equal([]);
  });
});
