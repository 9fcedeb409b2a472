-- Contacts that wait to be confirmed after a recovery; links that undo a change only where the address was
-- verified.

-- when the account was recovered through another contact; null: this one recovers and signs in
alter table contacts add column unconfirmed_since timestamptz;
-- such a link makes its address verified; of these it is not known that it was
update mailed_secrets m set replaced_at = pratu_now()
where m.purpose = 'undo_email' and m.used_at is null and m.replaced_at is null and not exists (
  select 1 from contacts c where c.account_id = m.account_id and c.kind = 'email' and c.value = m.email
    and c.verified_at <= m.created_at);
