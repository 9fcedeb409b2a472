-- Clients, their secrets, signing keys, and the version numbers that tell other processes to look again.

create table clients (
  id text primary key,
  metadata jsonb not null,
  dynamic boolean not null default false,
  created_at timestamptz not null default pratu_now(),
  updated_at timestamptz not null default pratu_now()
);

create table client_secrets (
  id bigint generated always as identity primary key,
  client_id text not null references clients on delete cascade,
  kind text not null check (kind in ('secret', 'api_key', 'mobile_key')),
  sealed bytea not null,
  digest bytea,
  created_at timestamptz not null default pratu_now(),
  expires_at timestamptz,
  constraint client_secrets_digest unique (kind, digest)
);
create index client_secrets_client on client_secrets (client_id);

create table signing_keys (
  kid text primary key,
  alg text not null check (alg in ('RS256', 'ES256')),
  jwk_sealed bytea not null,
  state text not null check (state in ('next', 'current', 'previous', 'removed')),
  created_at timestamptz not null default pratu_now(),
  changed_at timestamptz not null default pratu_now()
);
create unique index signing_keys_one_current on signing_keys (alg) where state = 'current';
create unique index signing_keys_one_next on signing_keys (alg) where state = 'next';

-- values that a deployment makes once and keeps for ever (the salt of pairwise subjects)
create table deployment_values (name text primary key, sealed bytea not null);

create table versions (name text primary key, version bigint not null default 1);
insert into versions (name) values ('clients'), ('keys');
