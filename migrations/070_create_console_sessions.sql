-- Sessions of operators in the console. Removing an operator removes them.

create table console_sessions (
  -- SHA-256 of the cookie
  id bytea primary key,
  account_id bigint not null references operators (account_id) on delete cascade,
  -- of the account when it signed in: a session of an older one is over
  generation int not null,
  authenticated_at timestamptz not null,
  amr text[] not null,
  created_at timestamptz not null default pratu_now(),
  expires_at timestamptz not null
);
create index console_sessions_account on console_sessions (account_id);
create index console_sessions_expires on console_sessions (expires_at);
