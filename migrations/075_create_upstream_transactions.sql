-- Sign-ins with other providers (OpenID Connect): those in progress, and tokens to revoke when a link ends.

create table upstream_transactions (
  -- SHA-256 of the parameter state
  id bytea primary key,
  provider text not null,
  -- SHA-256 of the value that identifies the browser which began it
  browser bytea not null,
  -- what it is part of: a sign-in in progress, or an account whose owner links it
  interaction text,
  account_id bigint references accounts (id) on delete cascade,
  -- sent: the browser is at the provider; answered: its response is here; used: that is being verified; proved: it is
  -- known who the person is at the provider, and no account has the link yet
  step text not null default 'sent' check (step in ('sent', 'answered', 'used', 'proved')),
  -- the person signs in to an account, which then gets the link
  links boolean not null default false,
  sealed bytea not null,
  expires_at timestamptz not null,
  check ((interaction is null) <> (account_id is null)),
  -- a newer attempt replaces the older
  constraint upstream_transactions_interaction unique (interaction, provider),
  constraint upstream_transactions_account unique (account_id, provider)
);
create index upstream_transactions_expires on upstream_transactions (expires_at);

create table upstream_tokens (
  id uuid primary key,
  account_id bigint not null,
  provider text not null,
  sealed bytea not null,
  unique (account_id, provider),
  foreign key (account_id, provider) references bindings (account_id, provider) on delete cascade
);
