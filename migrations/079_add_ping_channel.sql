-- The outbox also tells clients that a backchannel authentication request was answered.

alter table outbox drop constraint outbox_channel_check;
alter table outbox add constraint outbox_channel_check
  check (channel in ('sms', 'mail', 'logout', 'revocation', 'ping')) not valid;
alter table outbox validate constraint outbox_channel_check;
