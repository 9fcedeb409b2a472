-- without a transaction
-- Which request queued a message: what operators trace.

alter table outbox add column if not exists request_id text;
drop index concurrently if exists outbox_request;
create index concurrently outbox_request on outbox (request_id) where request_id is not null;
