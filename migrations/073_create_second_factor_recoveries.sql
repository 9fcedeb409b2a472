-- Owners who have lost their second factor, and wait until it may be removed without it.

create table second_factor_recoveries (
  -- one at a time: asking again does not move its date
  account_id bigint primary key references accounts (id) on delete cascade,
  requested_at timestamptz not null default pratu_now(),
  available_at timestamptz not null,
  -- null once every contact has been reminded, and where the wait is too short for that
  remind_at timestamptz,
  -- nobody came back for it: it must not stay open for people who learn the password later
  expires_at timestamptz not null
);
create index second_factor_recoveries_expires on second_factor_recoveries (expires_at);
