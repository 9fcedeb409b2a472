-- without a transaction
-- What operators ask the audit trail for: a request, a client, an event.

drop index concurrently if exists audit_request;
create index concurrently audit_request on audit (request_id) where request_id is not null;
drop index concurrently if exists audit_client;
create index concurrently audit_client on audit (client_id, at) where client_id is not null;
drop index concurrently if exists audit_event;
create index concurrently audit_event on audit (event, at);
