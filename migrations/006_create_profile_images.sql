-- Profile images: at most one an account, as re-encoded by the server.

create table profile_images (
  account_id bigint primary key references accounts on delete cascade,
  picture_id text not null,
  type text not null check (type in ('image/jpeg', 'image/png')),
  bytes bytea not null,
  width integer not null check (width > 0),
  height integer not null check (height > 0),
  updated_at timestamptz not null default pratu_now(),
  constraint profile_images_picture_id unique (picture_id)
);
-- JPEG and PNG do not get smaller by compressing them again
alter table profile_images alter column bytes set storage external;
