-- When an account first proved a contact; whatever was linked to it before is not its owner's.

-- stays when that contact is replaced
alter table accounts add column proved_at timestamptz;
update accounts a set proved_at = (select min(c.verified_at) from contacts c where c.account_id = a.id);
