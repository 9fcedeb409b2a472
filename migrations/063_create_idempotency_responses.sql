-- The first response to a request of the Admin API with an Idempotency-Key, for 24 hours.

create table idempotency_responses (
  -- digest of the caller, the operation and the key
  key bytea primary key,
  -- digest of the body
  content bytea not null,
  -- null while the first request is worked on
  sealed bytea,
  begun_at timestamptz not null default pratu_now()
);
create index idempotency_responses_age on idempotency_responses (begun_at);
