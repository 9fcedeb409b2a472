-- Keys that sign with PS256, beside those for RS256 and ES256.

alter table signing_keys drop constraint signing_keys_alg_check;
alter table signing_keys
  add constraint signing_keys_alg_check check (alg in ('RS256', 'PS256', 'ES256')) not valid;
alter table signing_keys validate constraint signing_keys_alg_check;
