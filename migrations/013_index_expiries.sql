-- What the sweep removes is found by an index, however large the table is.

create index session_ids_expiry on session_ids (expires_at) where expires_at < 'infinity';
create index client_secrets_expiry on client_secrets (expires_at) where expires_at is not null;
