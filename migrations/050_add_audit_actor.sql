-- Who did what the audit trail has, and why it was refused; null where that is not known.

alter table audit
  -- account:<id>, client:<id>, operator:<account id>, command:<system user> or system
  add column actor text,
  -- a word that the caller is not told: unknown_identifier, wrong_password, …
  add column reason text;
