-- The outbox also revokes tokens of other providers.

alter table outbox drop constraint outbox_channel_check;
alter table outbox add constraint outbox_channel_check
  check (channel in ('sms', 'mail', 'logout', 'revocation')) not valid;
alter table outbox validate constraint outbox_channel_check;
