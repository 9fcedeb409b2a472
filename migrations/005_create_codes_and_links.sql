-- One-time codes by SMS, and secrets that a mail carries.

create table one_time_codes (
  id bigint generated always as identity primary key,
  mobile text not null,
  -- the number less its last four digits: what numbers are pumped by
  prefix text not null,
  digest bytea not null,
  purposes text[] not null,
  tries integer not null default 0,
  answers integer not null default 0,
  created_at timestamptz not null default pratu_now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  replaced_at timestamptz
);
create unique index one_time_codes_newest on one_time_codes (mobile)
  where used_at is null and replaced_at is null;
create index one_time_codes_prefix on one_time_codes (prefix, created_at);
create index one_time_codes_age on one_time_codes (created_at);

create table mailed_secrets (
  id bigint generated always as identity primary key,
  purpose text not null,
  account_id bigint not null references accounts on delete cascade,
  -- the public name in the link; the secret beside it is stored as a keyed digest only
  identifier text not null,
  digest bytea not null,
  email text not null,
  tries integer not null default 0,
  created_at timestamptz not null default pratu_now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  replaced_at timestamptz,
  constraint mailed_secrets_identifier unique (identifier)
);
create index mailed_secrets_account on mailed_secrets (account_id, purpose);
create index mailed_secrets_age on mailed_secrets (created_at);
