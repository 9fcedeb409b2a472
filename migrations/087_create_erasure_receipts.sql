-- What is left of an erased account for its owner and the operators: a signed receipt that names nobody.

create table erasure_receipts (
  -- random: a digest of the account's number could be found by trying all numbers
  id text primary key,
  erased_at timestamptz not null,
  erased_by text not null check (erased_by in ('owner', 'operator', 'retention')),
  -- a JWS in compact form (RFC 7515)
  receipt text not null,
  -- the public key that it was signed with (RFC 7517), which verifies it after the key has left the key set
  public_key jsonb not null
);
create index erasure_receipts_listed on erasure_receipts (erased_at desc, id desc);
