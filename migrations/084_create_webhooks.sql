-- Webhooks: receivers of events, their secrets, and what is delivered to them.

create table webhooks (
  id uuid primary key,
  url text not null constraint webhooks_url unique,
  -- the types of events that it gets
  events text[] not null,
  -- personal data that its requests contain: contacts
  include text[] not null default '{}',
  created_at timestamptz not null default pratu_now(),
  updated_at timestamptz not null default pratu_now(),
  -- of the first failed attempt since the last successful one
  failing_since timestamptz,
  disabled_at timestamptz,
  disabled_reason text check (disabled_reason in ('gone', 'failing', 'operator')),
  check ((disabled_at is null) = (disabled_reason is null))
);

create table webhook_secrets (
  id uuid primary key,
  webhook_id uuid not null references webhooks (id) on delete cascade,
  sealed bytea not null,
  created_at timestamptz not null default pratu_now(),
  -- of the previous secret during a rotation; the current one has none
  expires_at timestamptz
);
create index webhook_secrets_webhook on webhook_secrets (webhook_id);
create index webhook_secrets_expires on webhook_secrets (expires_at);

create table webhook_deliveries (
  -- the order in which the events of an account are delivered
  position bigint generated always as identity primary key,
  -- the header webhook-id
  id uuid not null default gen_random_uuid() constraint webhook_deliveries_id unique,
  -- without a foreign key: deliveries of a webhook that was removed are left to the sweep
  webhook_id uuid not null,
  type text not null,
  account_id bigint,
  client_id text,
  data jsonb not null,
  at timestamptz not null default pratu_now(),
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  due_at timestamptz not null default pratu_now(),
  attempts int not null default 0,
  last_status int,
  last_error text,
  ended_at timestamptz
);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, due_at) where state = 'waiting';
create index webhook_deliveries_order on webhook_deliveries (webhook_id, account_id, position) where state = 'waiting';
create index webhook_deliveries_list on webhook_deliveries (webhook_id, position);
create index webhook_deliveries_at on webhook_deliveries (at);
