-- Providers to sign in with that operators have added, beside those of the settings.

create table upstream_providers (
  id text primary key,
  -- the order of the buttons
  position int not null default 0,
  kind text not null,
  -- what anyone may see: clientId, teamId, keyId, issuer, name, trustEmail
  settings jsonb not null,
  -- the client secret or the private key; null after the removal
  sealed bytea,
  updated_at timestamptz not null default pratu_now(),
  -- a removed provider is remembered: links of accounts have its id, which no other provider may take over
  removed_at timestamptz,
  check (sealed is not null or removed_at is not null)
);
-- a user's id at Facebook is different in every app
create unique index upstream_providers_facebook on upstream_providers (kind) where kind = 'facebook' and removed_at is null;

-- every change raises it, so that all processes take up the new list
insert into versions (name) values ('upstream');
