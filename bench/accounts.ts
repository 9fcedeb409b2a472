import pg from 'pg';
import { endWithUsage, readCommandLine, wholeNumber } from './command-line.ts';

/** The number of accounts per statement; each statement is a transaction. */
const BATCH = 50_000;
const FIRST_MOBILE = 900_000_000;

/** Returns the mobile number of the account with this index, starting at 0. */
export const mobileOf = (index: number): string => `+66${FIRST_MOBILE + index}`;

const INSERT = `
  with numbers as materialized (
    select n, '+66' || (${FIRST_MOBILE} + n) as mobile, 'person' || n || '@example.com' as email
    from generate_series($1::int, $2::int) as n
  ), made as (
    insert into accounts (first_name, last_name, register_channel)
    select 'Person', 'Number ' || n, 'WEB' from numbers order by n
    returning id
  ), ranked as (
    select id, row_number() over (order by id) - 1 + $1::int as n from made
  ), cards as (
    insert into cards (account_id) select id from ranked
  )
  insert into contacts (account_id, kind, value, key, preferred, verified_at, last_verified_at)
  select r.id, c.kind, c.value, c.value, true, now(), now()
  from ranked r join numbers s using (n)
  cross join lateral (values ('mobile', s.mobile), ('email', s.email)) as c (kind, value)`;

/**
 * Adds accounts to a database up to `count`, each with a card, a verified mobile number and a verified e-mail address.
 */
export async function makeAccounts(databaseUrl: string, count: number): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    for (let first = 0; first < count; first += BATCH)
      await client.query(INSERT, [first, Math.min(first + BATCH, count) - 1]);
    await client.query('vacuum analyze accounts, contacts, cards');
  } finally {
    await client.end();
  }
}

const USAGE = `DATABASE_URL=postgres://… npm run bench:accounts -- COUNT

Creates so many accounts in an empty database, each with a card, a verified mobile and a verified e-mail.`;

if (import.meta.main) {
  const { positionals } = readCommandLine({ usage: USAGE, operands: { least: 1, most: 1 } });
  const count = wholeNumber(positionals[0]);
  const url = process.env.DATABASE_URL;
  if (!count) endWithUsage(USAGE, 'COUNT must be a whole number');
  if (!url) endWithUsage(USAGE, 'DATABASE_URL is not set');
  await makeAccounts(url, count);
  console.log(`${count} accounts are there: mobiles ${mobileOf(0)} to ${mobileOf(count - 1)}`);
}
