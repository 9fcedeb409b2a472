-- without a transaction
-- What operators search accounts and the audit trail by. Names are found by prefix, whatever the case.

drop index concurrently if exists accounts_first_name;
create index concurrently accounts_first_name on accounts ((lower(first_name) collate "C"), id) where first_name is not null;
drop index concurrently if exists accounts_last_name;
create index concurrently accounts_last_name on accounts ((lower(last_name) collate "C"), id) where last_name is not null;
drop index concurrently if exists accounts_created;
create index concurrently accounts_created on accounts (created_at, id) where status <> 'deleted';
drop index concurrently if exists accounts_status;
create index concurrently accounts_status on accounts (status, created_at, id);
drop index concurrently if exists audit_actor;
create index concurrently audit_actor on audit (actor, at) where actor is not null;
