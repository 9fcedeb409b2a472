import { expect } from 'chai';
import type { Config } from '../../src/config/config.ts';
import { connectionOf } from '../../src/db/connection.ts';
import type { Database } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { optionsOf, PINNED } from '../../src/db/session-settings.ts';
import { testConfig } from '../support/config.ts';
import { newPlace, openPlace, type TestPlace } from '../support/database.ts';

/**
 * Settings that an administrator may have made on the database. Each of them changes the meaning or the result of a
 * statement.
 */
const STRANGE = {
  DateStyle: 'SQL, DMY',
  IntervalStyle: 'sql_standard',
  TimeZone: 'Pacific/Chatham',
  bytea_output: 'escape',
  extra_float_digits: -15,
  standard_conforming_strings: 'off',
  array_nulls: 'off',
  transform_null_equals: 'on',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  exit_on_error: 'on',
  idle_session_timeout: 60_000,
};

const SAMPLE = `select date '1941-09-04' as day, timestamptz '2020-02-29 12:00:00.123+07' as at, 0.1::float8 + 0.2 as sum,
  decode('00ff5c', 'hex') as bytes, '{NULL}'::text[] as list, length('a\\b') as length, interval '26:03:04'::text as span,
  current_setting('transaction_isolation') as isolation`;

const EXPECTED = {
  day: '1941-09-04',
  at: new Date('2020-02-29T05:00:00.123Z'),
  sum: 0.1 + 0.2,
  bytes: Buffer.from([0, 255, 92]),
  list: [null],
  length: 3,
  span: '26:03:04',
  isolation: 'read committed',
};

describe('the settings of a database session', () => {
  let place: TestPlace;
  let database: Database;
  let settings: Config['database'];

  before(async () => {
    settings = (await testConfig()).database;
    place = await newPlace();
    const first = await openPlace(place);
    const { rows } = await first.knex.raw('select current_database() as name');
    const { name } = rows[0] as { name: string };
    for (const [setting, value] of Object.entries(STRANGE)) {
      await first.knex.raw(`alter database "${name}" set ${setting} = '${value}'`);
    }
    await first.close();
    database = await openPlace(place);
  });
  after(() => database.close());

  it('include every one that the administrator is given here', () => {
    expect(Object.keys(STRANGE)).to.have.members(Object.keys(PINNED));
  });

  it('are ours on both pools, whatever ALTER DATABASE … SET says', async () => {
    for (const [name, value] of Object.entries(PINNED)) {
      const { rows } = await database.knex.raw('select current_setting(?) as now', [name]);
      const records = await database.records.query('select current_setting($1) as now', [name]);
      expect([rows[0].now, records.rows[0].now], name).to.deep.equal([String(value), String(value)]);
    }
  });

  it('keep dates, times, numbers, bytes and arrays as they were written', async () => {
    expect((await database.knex.raw(SAMPLE)).rows).to.deep.equal([EXPECTED]);
    expect((await database.records.query(SAMPLE)).rows).to.deep.equal([EXPECTED]);
  });

  it('do not break migrations and the birth date of an account', async () => {
    await migrate(database);
    const [row] = await database
      .knex('accounts')
      .insert({ birth_date: '1941-09-04' })
      .returning('birth_date');
    expect(row).to.deep.equal({ birth_date: '1941-09-04' });
  });

  it('come after the options of DATABASE_URL, which may choose a schema', () => {
    const url =
      'postgres://me:secret@db.example.com/pratu?sslmode=require&options=-c%20search_path%3Delsewhere';
    const { connectionString, options } = connectionOf({ ...settings, url });
    expect(connectionString).to.equal('postgres://me:secret@db.example.com/pratu?sslmode=require');
    expect(options).to.match(/^-c search_path=elsewhere -c DateStyle=ISO/);
  });

  it('are written with their white space and backslashes escaped', () => {
    expect(optionsOf({ a: 'b, c' }, { d: 'e\\f', g: 0 })).to.equal('-c a=b,\\ c -c d=e\\\\f -c g=0');
  });
});
