-- without a transaction
-- The identifier of an account in the system that it was imported from. Importing it again updates the account.

alter table accounts add column if not exists external_id text;
-- an earlier run may have ended between the last statement and its record; the index goes with its constraint
alter table accounts drop constraint if exists accounts_external_id;
drop index concurrently if exists accounts_external_id;
create unique index concurrently accounts_external_id on accounts (external_id);
alter table accounts add constraint accounts_external_id unique using index accounts_external_id;
