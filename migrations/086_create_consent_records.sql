-- What people accepted and allowed, and withdrew: a row is only added, and its withdrawal is set once.

create table consent_records (
  account_id bigint not null references accounts (id) on delete cascade,
  id bigint not null generated always as identity,
  -- 'terms', 'privacy', or a purpose of the configuration
  purpose text not null,
  -- of the text that the person saw
  version text not null,
  language text not null,
  -- the surface on which it was given
  channel text not null,
  client_id text,
  given_at timestamptz not null default pratu_now(),
  withdrawn_at timestamptz,
  withdrawn_channel text,
  primary key (account_id, id),
  check ((withdrawn_at is null) = (withdrawn_channel is null))
);
-- two forms at once make one record
create unique index consent_records_open on consent_records (account_id, purpose, version)
  where withdrawn_at is null;
