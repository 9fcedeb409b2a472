-- What partners ask for: when an account was last used by channel, and a number for every client.

create table last_accesses (
  account_id bigint not null references accounts on delete cascade,
  channel text not null check (channel in ('app', 'web', 'stb')),
  at timestamptz not null,
  primary key (account_id, channel)
);

-- the number of a client that has none in its registration and whose id is no number
alter table clients add column number bigint not null generated always as identity (start with 1000000000000000);
create unique index clients_number on clients (coalesce((metadata->>'number')::bigint,
  case when id ~ '^[1-9][0-9]{0,14}$' then id::bigint end, number));

-- what an account's owner is shown: who looked it up
create index audit_lookups on audit (account_id, at desc) where event = 'account.looked_up';
