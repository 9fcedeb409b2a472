-- Which code a token comes from, and the first answers of refreshes in a table that is swept every minute.

-- the code (or device code) that it was issued for, also by later refreshes: the reuse of a code ends these
alter table records add column code_id uuid;

create table refresh_answers (
  account_id bigint not null,
  -- the row of the used refresh token
  id uuid not null,
  -- encrypted under that token
  answer bytea not null,
  expires_at timestamptz not null,
  primary key (account_id, id)
);
create index refresh_answers_expiry on refresh_answers (expires_at);
