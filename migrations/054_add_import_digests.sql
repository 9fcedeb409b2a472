-- without a transaction
-- What importing a row again recognises. import_digest: the account of a row without external_id, by a keyed digest of
-- its contact. imported_digest: the hash as it was imported; null for a password that was chosen here, which is kept.

alter table accounts add column if not exists import_digest bytea;
alter table credentials add column if not exists imported_digest bytea;
drop index concurrently if exists accounts_import_digest;
create unique index concurrently accounts_import_digest on accounts (import_digest) where import_digest is not null;
