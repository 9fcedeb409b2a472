-- without a transaction
-- Operators list messages newest first: all of them, those that wait, and those that were dropped. Nearly all are sent,
-- so the list of those needs no index of its own.

drop index concurrently if exists outbox_listed;
create index concurrently outbox_listed on outbox (created_at, id);
drop index concurrently if exists outbox_waiting;
create index concurrently outbox_waiting on outbox (created_at, id) where sent_at is null and dropped_at is null;
drop index concurrently if exists outbox_dropped;
create index concurrently outbox_dropped on outbox (created_at, id) where dropped_at is not null;
-- the first of them begins with the same column
drop index concurrently if exists outbox_age;
