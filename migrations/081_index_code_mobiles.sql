-- without a transaction
-- The codes that were sent to a number: which one was used last, and why a guess fails.

drop index concurrently if exists one_time_codes_mobile;
create index concurrently one_time_codes_mobile on one_time_codes (mobile, id);
