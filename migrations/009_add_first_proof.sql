-- without a transaction
-- When an account first proved a contact; whatever was linked to it before is not its owner's.

-- stays when that contact is replaced
alter table accounts add column if not exists proved_at timestamptz;
-- in batches of accounts.id
update accounts a set proved_at = (select min(c.verified_at) from contacts c where c.account_id = a.id)
where a.id between ? and ? and a.proved_at is null
  and exists (select 1 from contacts c where c.account_id = a.id and c.verified_at is not null);
