-- Second factors: authenticator apps, and recovery codes.

create table authenticators (
  id uuid primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  method text not null,
  name text not null,
  -- the shared secret of an authenticator app
  sealed bytea not null,
  created_at timestamptz not null default pratu_now(),
  -- a second factor only once its owner has shown that it works
  confirmed_at timestamptz,
  last_used_at timestamptz,
  -- RFC 6238: a code of this time step, or of an earlier one, was used
  last_step bigint not null default 0
);
create index authenticators_account on authenticators (account_id);

create table recovery_codes (
  account_id bigint not null references accounts (id) on delete cascade,
  digest bytea not null,
  used_at timestamptz,
  primary key (account_id, digest)
);
