-- The protocol's rows (codes, tokens, grants, …), sessions and consents.

create table records (
  -- the first 128 bits of sha256(kind ':' value): a token's value is stored nowhere
  id uuid primary key,
  kind text not null,
  payload json not null,
  grant_id uuid,
  account_id bigint,
  generation integer,
  client_id text,
  user_code bytea,
  session_uid text,
  consumed_at timestamptz,
  tries integer not null default 0,
  -- the first answer of a rotating refresh, encrypted under its token, with the row of its successor
  answer bytea,
  successor uuid,
  created_at timestamptz not null default pratu_now(),
  expires_at timestamptz not null
);
create index records_grant on records (grant_id) where grant_id is not null;
create index records_account on records (account_id) where account_id is not null;
create index records_client on records (client_id) where client_id is not null;
create unique index records_user_code on records (user_code) where user_code is not null;
create index records_expiry on records (expires_at);

create table sessions (
  uid text primary key,
  account_id bigint,
  generation integer,
  payload jsonb not null,
  created_at timestamptz not null default pratu_now(),
  seen_at timestamptz not null default pratu_now(),
  expires_at timestamptz not null
);
create index sessions_account on sessions (account_id) where account_id is not null;
create index sessions_expiry on sessions (expires_at);

-- the cookie's value, hashed as above; a renewed id points at the same session
create table session_ids (
  id uuid primary key,
  uid text not null references sessions on delete cascade,
  expires_at timestamptz not null default 'infinity'
);
create index session_ids_uid on session_ids (uid);

create table consents (
  account_id bigint not null references accounts on delete cascade,
  client_id text not null references clients on delete cascade,
  scopes text[] not null default '{}',
  claims text[] not null default '{}',
  resources jsonb not null default '{}',
  granted_at timestamptz not null default pratu_now(),
  updated_at timestamptz not null default pratu_now(),
  last_used_at timestamptz not null default pratu_now(),
  primary key (account_id, client_id)
);
