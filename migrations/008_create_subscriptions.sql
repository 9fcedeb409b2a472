-- What accounts want to hear of.

create table subscriptions (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts on delete cascade,
  topic text not null,
  -- null: whatever the account can be reached by
  channel text check (channel in ('mail', 'sms')),
  created_at timestamptz not null default pratu_now(),
  constraint subscriptions_once unique nulls not distinct (account_id, topic, channel)
);
