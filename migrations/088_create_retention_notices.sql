-- without a transaction
-- Accounts that nobody has used for the retention period, whose owners were told that they will be erased; and the last
-- use through clients without a channel, which counts for that.

alter table last_accesses drop constraint if exists last_accesses_channel_check;
alter table last_accesses add constraint last_accesses_channel_check
  check (channel in ('app', 'web', 'stb', 'other')) not valid;
alter table last_accesses validate constraint last_accesses_channel_check;
create table if not exists retention_notices (
  account_id bigint primary key references accounts (id) on delete cascade,
  noticed_at timestamptz not null default pratu_now(),
  erase_at timestamptz not null
);
drop index concurrently if exists retention_notices_due;
create index concurrently retention_notices_due on retention_notices (erase_at);
