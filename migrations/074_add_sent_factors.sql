-- without a transaction
-- Codes by SMS and e-mail as second factors. They have no secret of their own: they rest on the account's contacts.

alter table authenticators alter column sealed drop not null;
alter table authenticators drop constraint if exists authenticators_sealed;
alter table authenticators add constraint authenticators_sealed check (sealed is not null or method in ('sms', 'email')) not valid;
alter table authenticators validate constraint authenticators_sealed;
-- an account turns each of them on once
drop index concurrently if exists authenticators_sent;
create unique index concurrently authenticators_sent on authenticators (account_id, method) where method in ('sms', 'email');
-- codes are sent to e-mail addresses too: these are in the column "mobile", by their key, and have no prefix
alter table one_time_codes alter column prefix drop not null;
