-- The span of the request that queued a message (W3C Trace Context), so that a trace of its delivery is linked to it.
alter table outbox add column traceparent text;
