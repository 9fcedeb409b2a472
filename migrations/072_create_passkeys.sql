-- Passkeys (WebAuthn Level 3), challenges that wait for an answer, and who was offered a passkey.

create table passkeys (
  id uuid primary key,
  account_id bigint not null references accounts (id) on delete cascade,
  -- as the authenticator made it
  credential_id bytea not null unique,
  -- COSE_Key (RFC 9052 §7)
  public_key bytea not null,
  name text not null,
  -- the model of the authenticator; all zeros where it does not say
  aaguid uuid not null,
  -- 0 where the authenticator does not count
  sign_count bigint not null,
  backed_up boolean not null,
  created_at timestamptz not null default pratu_now(),
  last_used_at timestamptz
);
create index passkeys_account on passkeys (account_id);

create table passkey_challenges (
  -- SHA-256 of the browser and what it does: a newer challenge replaces the older
  id bytea primary key,
  -- SHA-256 of the challenge
  digest bytea not null,
  expires_at timestamptz not null
);
create index passkey_challenges_expires on passkey_challenges (expires_at);

create table passkey_offers (
  account_id bigint primary key references accounts (id) on delete cascade,
  offered_at timestamptz not null default pratu_now()
);
