-- Messages that wait to be sent, what happened, and counters of attempts.

create table outbox (
  id uuid primary key default gen_random_uuid(),
  channel text not null check (channel in ('sms', 'mail', 'logout')),
  kind text not null,
  account_id bigint,
  -- recipient and content, encrypted; emptied when sent or expired unless this is a development outbox
  sealed bytea,
  dedupe_key text,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default pratu_now(),
  created_at timestamptz not null default pratu_now(),
  expires_at timestamptz not null,
  sent_at timestamptz,
  dropped_at timestamptz,
  last_error text,
  constraint outbox_dedupe unique (dedupe_key)
);
create index outbox_due on outbox (next_attempt_at) where sent_at is null and dropped_at is null;
create index outbox_age on outbox (created_at);

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default pratu_now(),
  event text not null,
  account_id bigint,
  client_id text,
  request_id text,
  details jsonb not null default '{}'
);
create index audit_account on audit (account_id, at desc) where account_id is not null;
create index audit_at on audit (at);

create table counters (
  key bytea primary key,
  count integer not null,
  resets_at timestamptz not null
);
create index counters_resets on counters (resets_at);
