-- The schema after every migration. Made by `npm run docs`; do not edit, and do not run: `pratu migrate` does that.

create function pratu_give_back(keys bytea[], lasting boolean) returns void language plpgsql as $$
begin
  perform pratu_hurry(lasting);
  -- locked in the same order as by those who take
  update counters c set count = c.count - 1
  from (select key from counters where key = any(keys) and count > 0 order by key for update) as held
  where c.key = held.key;
end $$;
create function pratu_hurry(lasting boolean) returns void language plpgsql as $$
begin
  -- until the end of the transaction, which is the statement
  if not lasting then perform set_config('synchronous_commit', 'off', true); end if;
end $$;
create function pratu_now() returns timestamp with time zone language sql as $$select now()$$;
create function pratu_take(keys bytea[], limits integer[], windows double precision[], lasting boolean) returns TABLE(refused integer, seconds integer) language plpgsql as $$
begin
  perform pratu_hurry(lasting);
  -- all rows are there and locked, in the order in which everybody locks them; a window begins with its first event
  insert into counters as c (key, count, resets_at)
  select distinct on (k.key) k.key, 0, pratu_now() + make_interval(secs => k.seconds)
  from unnest(keys, windows) as k (key, seconds) order by k.key
  on conflict (key) do update set
    count = case when c.resets_at <= pratu_now() then 0 else c.count end,
    resets_at = case when c.resets_at <= pratu_now() or c.count = 0 then excluded.resets_at else c.resets_at end;

  return query
    select k.place::int, greatest(1, ceil(extract(epoch from c.resets_at - pratu_now())))::int
    from unnest(keys, limits) with ordinality as k (key, most, place) join counters c on c.key = k.key
    where c.count >= k.most order by k.place limit 1;
  if found then return; end if;
  update counters c set count = c.count + 1 where c.key = any(keys);
end $$;

create table account_roles (
  account_id bigint not null,
  role text not null,
  created_at timestamp with time zone not null default pratu_now(),
  constraint account_roles_pkey PRIMARY KEY (account_id, role),
  constraint account_roles_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table accounts (
  id bigint generated always as identity not null,
  status text not null default 'active'::text,
  generation integer not null default 1,
  first_name text,
  last_name text,
  middle_name text,
  nickname text,
  preferred_username text,
  title_id smallint,
  birth_date date,
  profile_uri text,
  website_uri text,
  picture_id text,
  locale text,
  zoneinfo text,
  phone text,
  address text,
  address_town text,
  address_postcode text,
  address_region text,
  country text,
  register_channel text,
  register_client_id text,
  national_id_sealed bytea,
  national_id_digest bytea,
  created_at timestamp with time zone not null default pratu_now(),
  updated_at timestamp with time zone not null default pratu_now(),
  deleted_at timestamp with time zone,
  proved_at timestamp with time zone,
  location_id smallint,
  longitude double precision,
  latitude double precision,
  avatar text,
  external_id text,
  import_digest bytea,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_external_id UNIQUE (external_id),
  constraint accounts_national_id UNIQUE (national_id_digest),
  constraint accounts_picture_id_key UNIQUE (picture_id),
  constraint accounts_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id),
  constraint accounts_title_id_fkey FOREIGN KEY (title_id) REFERENCES titles(id),
  constraint accounts_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
  constraint accounts_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
  constraint accounts_register_channel_check CHECK ((register_channel = ANY (ARRAY['MOBILE'::text, 'WEB'::text, 'CALL'::text]))),
  constraint accounts_status_check CHECK ((status = ANY (ARRAY['active'::text, 'pending'::text, 'suspended'::text, 'deleted'::text])))
);
CREATE INDEX accounts_created ON public.accounts USING btree (created_at, id) WHERE (status <> 'deleted'::text);
CREATE INDEX accounts_first_name ON public.accounts USING btree (lower(first_name) COLLATE "C", id) WHERE (first_name IS NOT NULL);
CREATE UNIQUE INDEX accounts_import_digest ON public.accounts USING btree (import_digest) WHERE (import_digest IS NOT NULL);
CREATE INDEX accounts_last_name ON public.accounts USING btree (lower(last_name) COLLATE "C", id) WHERE (last_name IS NOT NULL);
CREATE INDEX accounts_status ON public.accounts USING btree (status, created_at, id);

create table audit (
  id bigint generated always as identity not null,
  at timestamp with time zone not null default pratu_now(),
  event text not null,
  account_id bigint,
  client_id text,
  request_id text,
  details jsonb not null default '{}'::jsonb,
  actor text,
  reason text,
  constraint audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_account ON public.audit USING btree (account_id, at DESC) WHERE (account_id IS NOT NULL);
CREATE INDEX audit_actor ON public.audit USING btree (actor, at) WHERE (actor IS NOT NULL);
CREATE INDEX audit_at ON public.audit USING btree (at);
CREATE INDEX audit_client ON public.audit USING btree (client_id, at) WHERE (client_id IS NOT NULL);
CREATE INDEX audit_event ON public.audit USING btree (event, at);
CREATE INDEX audit_lookups ON public.audit USING btree (account_id, at DESC) WHERE (event = 'account.looked_up'::text);
CREATE INDEX audit_request ON public.audit USING btree (request_id) WHERE (request_id IS NOT NULL);

create table authenticators (
  id uuid not null,
  account_id bigint not null,
  method text not null,
  name text not null,
  sealed bytea,
  created_at timestamp with time zone not null default pratu_now(),
  confirmed_at timestamp with time zone,
  last_used_at timestamp with time zone,
  last_step bigint not null default 0,
  constraint authenticators_pkey PRIMARY KEY (id),
  constraint authenticators_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint authenticators_sealed CHECK (((sealed IS NOT NULL) OR (method = ANY (ARRAY['sms'::text, 'email'::text]))))
);
CREATE INDEX authenticators_account ON public.authenticators USING btree (account_id);
CREATE UNIQUE INDEX authenticators_sent ON public.authenticators USING btree (account_id, method) WHERE (method = ANY (ARRAY['sms'::text, 'email'::text]));

create table bindings (
  account_id bigint not null,
  provider text not null,
  external_id text not null,
  status text not null default '1'::text,
  created_at timestamp with time zone not null default pratu_now(),
  updated_at timestamp with time zone not null default pratu_now(),
  constraint bindings_pkey PRIMARY KEY (account_id, provider),
  constraint bindings_external_id UNIQUE (provider, external_id),
  constraint bindings_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table card_levels (
  id smallint not null,
  name text not null,
  constraint card_levels_pkey PRIMARY KEY (id)
);

create table cards (
  id bigint generated always as identity not null,
  account_id bigint not null,
  level_id smallint not null default 1,
  issued_at timestamp with time zone not null default pratu_now(),
  expires_at timestamp with time zone not null default (pratu_now() + '1 year'::interval),
  constraint cards_pkey PRIMARY KEY (id),
  constraint cards_one_an_account UNIQUE (account_id),
  constraint cards_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint cards_level_id_fkey FOREIGN KEY (level_id) REFERENCES card_levels(id)
);

create table client_secrets (
  id bigint generated always as identity not null,
  client_id text not null,
  kind text not null,
  sealed bytea not null,
  digest bytea,
  created_at timestamp with time zone not null default pratu_now(),
  expires_at timestamp with time zone,
  constraint client_secrets_pkey PRIMARY KEY (id),
  constraint client_secrets_digest UNIQUE (kind, digest),
  constraint client_secrets_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id) ON DELETE CASCADE,
  constraint client_secrets_kind_check CHECK ((kind = ANY (ARRAY['secret'::text, 'api_key'::text, 'mobile_key'::text])))
);
CREATE INDEX client_secrets_client ON public.client_secrets USING btree (client_id);
CREATE INDEX client_secrets_expiry ON public.client_secrets USING btree (expires_at) WHERE (expires_at IS NOT NULL);

create table clients (
  id text not null,
  metadata jsonb not null,
  dynamic boolean not null default false,
  created_at timestamp with time zone not null default pratu_now(),
  updated_at timestamp with time zone not null default pratu_now(),
  number bigint generated always as identity not null,
  constraint clients_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX clients_number ON public.clients USING btree (COALESCE(((metadata ->> 'number'::text))::bigint,
CASE
    WHEN (id ~ '^[1-9][0-9]{0,14}$'::text) THEN (id)::bigint
    ELSE NULL::bigint
END, number));

create table consent_records (
  account_id bigint not null,
  id bigint generated always as identity not null,
  purpose text not null,
  version text not null,
  language text not null,
  channel text not null,
  client_id text,
  given_at timestamp with time zone not null default pratu_now(),
  withdrawn_at timestamp with time zone,
  withdrawn_channel text,
  constraint consent_records_pkey PRIMARY KEY (account_id, id),
  constraint consent_records_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint consent_records_check CHECK (((withdrawn_at IS NULL) = (withdrawn_channel IS NULL)))
);
CREATE UNIQUE INDEX consent_records_open ON public.consent_records USING btree (account_id, purpose, version) WHERE (withdrawn_at IS NULL);

create table consents (
  account_id bigint not null,
  client_id text not null,
  scopes text[] not null default '{}'::text[],
  claims text[] not null default '{}'::text[],
  resources jsonb not null default '{}'::jsonb,
  granted_at timestamp with time zone not null default pratu_now(),
  updated_at timestamp with time zone not null default pratu_now(),
  last_used_at timestamp with time zone not null default pratu_now(),
  constraint consents_pkey PRIMARY KEY (account_id, client_id),
  constraint consents_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint consents_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id) ON DELETE CASCADE
);

create table console_sessions (
  id bytea not null,
  account_id bigint not null,
  generation integer not null,
  authenticated_at timestamp with time zone not null,
  amr text[] not null,
  created_at timestamp with time zone not null default pratu_now(),
  expires_at timestamp with time zone not null,
  constraint console_sessions_pkey PRIMARY KEY (id),
  constraint console_sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES operators(account_id) ON DELETE CASCADE
);
CREATE INDEX console_sessions_account ON public.console_sessions USING btree (account_id);
CREATE INDEX console_sessions_expires ON public.console_sessions USING btree (expires_at);

create table contacts (
  id bigint generated always as identity not null,
  account_id bigint not null,
  kind text not null,
  value text not null,
  key text not null,
  preferred boolean not null default false,
  verified_at timestamp with time zone,
  last_verified_at timestamp with time zone,
  added_at timestamp with time zone not null default pratu_now(),
  unconfirmed_since timestamp with time zone,
  constraint contacts_pkey PRIMARY KEY (id),
  constraint contacts_once_an_account UNIQUE (account_id, kind, key),
  constraint contacts_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint contacts_kind_check CHECK ((kind = ANY (ARRAY['mobile'::text, 'email'::text])))
);
CREATE INDEX contacts_listed ON public.contacts USING btree (kind, key, added_at, id);
CREATE UNIQUE INDEX contacts_verified ON public.contacts USING btree (kind, key) WHERE (verified_at IS NOT NULL);

create table counters (
  key bytea not null,
  count integer not null,
  resets_at timestamp with time zone not null,
  constraint counters_pkey PRIMARY KEY (key)
);
CREATE INDEX counters_resets ON public.counters USING btree (resets_at);

create table credentials (
  account_id bigint not null,
  kind text not null,
  hash text not null,
  changed_at timestamp with time zone not null default pratu_now(),
  imported_digest bytea,
  constraint credentials_pkey PRIMARY KEY (account_id, kind),
  constraint credentials_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint credentials_kind_check CHECK ((kind = 'password'::text))
);

create table deployment_values (
  name text not null,
  sealed bytea not null,
  constraint deployment_values_pkey PRIMARY KEY (name)
);

create table devices (
  gcm_id text not null,
  account_id bigint not null,
  grant_record uuid not null,
  registered_at timestamp with time zone not null default pratu_now(),
  constraint devices_pkey PRIMARY KEY (gcm_id),
  constraint devices_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX devices_account ON public.devices USING btree (account_id);
CREATE INDEX devices_grant ON public.devices USING btree (grant_record);

create table erasure_receipts (
  id text not null,
  erased_at timestamp with time zone not null,
  erased_by text not null,
  receipt text not null,
  public_key jsonb not null,
  constraint erasure_receipts_pkey PRIMARY KEY (id),
  constraint erasure_receipts_erased_by_check CHECK ((erased_by = ANY (ARRAY['owner'::text, 'operator'::text, 'retention'::text])))
);
CREATE INDEX erasure_receipts_listed ON public.erasure_receipts USING btree (erased_at DESC, id DESC);

create table idempotency_responses (
  key bytea not null,
  content bytea not null,
  sealed bytea,
  begun_at timestamp with time zone not null default pratu_now(),
  constraint idempotency_responses_pkey PRIMARY KEY (key)
);
CREATE INDEX idempotency_responses_age ON public.idempotency_responses USING btree (begun_at);

create table last_accesses (
  account_id bigint not null,
  channel text not null,
  at timestamp with time zone not null,
  constraint last_accesses_pkey PRIMARY KEY (account_id, channel),
  constraint last_accesses_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint last_accesses_channel_check CHECK ((channel = ANY (ARRAY['app'::text, 'web'::text, 'stb'::text, 'other'::text])))
);

create table locations (
  id smallint not null,
  code text not null,
  name_th text not null,
  name_en text not null,
  constraint locations_pkey PRIMARY KEY (id),
  constraint locations_code_key UNIQUE (code)
);

create table mailed_secrets (
  id bigint generated always as identity not null,
  purpose text not null,
  account_id bigint not null,
  identifier text not null,
  digest bytea not null,
  email text not null,
  tries integer not null default 0,
  created_at timestamp with time zone not null default pratu_now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  replaced_at timestamp with time zone,
  constraint mailed_secrets_pkey PRIMARY KEY (id),
  constraint mailed_secrets_identifier UNIQUE (identifier),
  constraint mailed_secrets_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX mailed_secrets_account ON public.mailed_secrets USING btree (account_id, purpose);
CREATE INDEX mailed_secrets_age ON public.mailed_secrets USING btree (created_at);

create table one_time_codes (
  id bigint generated always as identity not null,
  mobile text not null,
  prefix text,
  digest bytea not null,
  purposes text[] not null,
  tries integer not null default 0,
  answers integer not null default 0,
  created_at timestamp with time zone not null default pratu_now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  replaced_at timestamp with time zone,
  browser bytea,
  network bytea,
  tries_known integer not null default 0,
  tries_others integer not null default 0,
  constraint one_time_codes_pkey PRIMARY KEY (id)
);
CREATE INDEX one_time_codes_age ON public.one_time_codes USING btree (created_at);
CREATE INDEX one_time_codes_mobile ON public.one_time_codes USING btree (mobile, id);
CREATE UNIQUE INDEX one_time_codes_newest ON public.one_time_codes USING btree (mobile) WHERE ((used_at IS NULL) AND (replaced_at IS NULL));
CREATE INDEX one_time_codes_prefix ON public.one_time_codes USING btree (prefix, created_at);

create table operators (
  account_id bigint not null,
  role text not null,
  created_at timestamp with time zone not null default pratu_now(),
  updated_at timestamp with time zone not null default pratu_now(),
  constraint operators_pkey PRIMARY KEY (account_id),
  constraint operators_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint operators_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'support'::text, 'admin'::text])))
);

create table outbox (
  id uuid not null default gen_random_uuid(),
  channel text not null,
  kind text not null,
  account_id bigint,
  sealed bytea,
  dedupe_key text,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone not null default pratu_now(),
  created_at timestamp with time zone not null default pratu_now(),
  expires_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  dropped_at timestamp with time zone,
  last_error text,
  request_id text,
  traceparent text,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_dedupe UNIQUE (dedupe_key),
  constraint outbox_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'mail'::text, 'logout'::text, 'revocation'::text, 'ping'::text])))
);
CREATE INDEX outbox_dropped ON public.outbox USING btree (created_at, id) WHERE (dropped_at IS NOT NULL);
CREATE INDEX outbox_due ON public.outbox USING btree (next_attempt_at) WHERE ((sent_at IS NULL) AND (dropped_at IS NULL));
CREATE INDEX outbox_listed ON public.outbox USING btree (created_at, id);
CREATE INDEX outbox_request ON public.outbox USING btree (request_id) WHERE (request_id IS NOT NULL);
CREATE INDEX outbox_waiting ON public.outbox USING btree (created_at, id) WHERE ((sent_at IS NULL) AND (dropped_at IS NULL));

create table passkey_challenges (
  id bytea not null,
  digest bytea not null,
  expires_at timestamp with time zone not null,
  constraint passkey_challenges_pkey PRIMARY KEY (id)
);
CREATE INDEX passkey_challenges_expires ON public.passkey_challenges USING btree (expires_at);

create table passkey_offers (
  account_id bigint not null,
  offered_at timestamp with time zone not null default pratu_now(),
  constraint passkey_offers_pkey PRIMARY KEY (account_id),
  constraint passkey_offers_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table passkeys (
  id uuid not null,
  account_id bigint not null,
  credential_id bytea not null,
  public_key bytea not null,
  name text not null,
  aaguid uuid not null,
  sign_count bigint not null,
  backed_up boolean not null,
  created_at timestamp with time zone not null default pratu_now(),
  last_used_at timestamp with time zone,
  constraint passkeys_pkey PRIMARY KEY (id),
  constraint passkeys_credential_id_key UNIQUE (credential_id),
  constraint passkeys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX passkeys_account ON public.passkeys USING btree (account_id);

create table profile_images (
  account_id bigint not null,
  picture_id text not null,
  type text not null,
  bytes bytea not null,
  width integer not null,
  height integer not null,
  updated_at timestamp with time zone not null default pratu_now(),
  constraint profile_images_pkey PRIMARY KEY (account_id),
  constraint profile_images_picture_id UNIQUE (picture_id),
  constraint profile_images_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint profile_images_height_check CHECK ((height > 0)),
  constraint profile_images_type_check CHECK ((type = ANY (ARRAY['image/jpeg'::text, 'image/png'::text]))),
  constraint profile_images_width_check CHECK ((width > 0))
);

create table records (
  id uuid not null,
  kind text not null,
  payload json not null,
  grant_id uuid,
  account_id bigint,
  generation integer,
  client_id text,
  user_code bytea,
  session_uid text,
  consumed_at timestamp with time zone,
  tries integer not null default 0,
  successor uuid,
  created_at timestamp with time zone not null default pratu_now(),
  expires_at timestamp with time zone not null,
  code_id uuid,
  constraint records_pkey PRIMARY KEY (id)
);
CREATE INDEX records_account ON public.records USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX records_client ON public.records USING btree (client_id) WHERE (client_id IS NOT NULL);
CREATE INDEX records_expiry ON public.records USING btree (expires_at);
CREATE INDEX records_grant ON public.records USING btree (grant_id) WHERE (grant_id IS NOT NULL);
CREATE UNIQUE INDEX records_user_code ON public.records USING btree (user_code) WHERE (user_code IS NOT NULL);

create table recovery_codes (
  account_id bigint not null,
  digest bytea not null,
  used_at timestamp with time zone,
  constraint recovery_codes_pkey PRIMARY KEY (account_id, digest),
  constraint recovery_codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

create table refresh_answers (
  account_id bigint not null,
  id uuid not null,
  answer bytea not null,
  expires_at timestamp with time zone not null,
  constraint refresh_answers_pkey PRIMARY KEY (account_id, id)
);
CREATE INDEX refresh_answers_expiry ON public.refresh_answers USING btree (expires_at);

create table refused_requests (
  request_id text not null,
  at timestamp with time zone not null default pratu_now(),
  method text not null,
  route text not null,
  status smallint not null,
  error text,
  reason text,
  client_id text,
  constraint refused_requests_pkey PRIMARY KEY (request_id)
);
CREATE INDEX refused_requests_at ON public.refused_requests USING btree (at);

create table retention_notices (
  account_id bigint not null,
  noticed_at timestamp with time zone not null default pratu_now(),
  erase_at timestamp with time zone not null,
  constraint retention_notices_pkey PRIMARY KEY (account_id),
  constraint retention_notices_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX retention_notices_due ON public.retention_notices USING btree (erase_at);

create table second_factor_recoveries (
  account_id bigint not null,
  requested_at timestamp with time zone not null default pratu_now(),
  available_at timestamp with time zone not null,
  remind_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  constraint second_factor_recoveries_pkey PRIMARY KEY (account_id),
  constraint second_factor_recoveries_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX second_factor_recoveries_expires ON public.second_factor_recoveries USING btree (expires_at);

create table session_ids (
  id uuid not null,
  uid text not null,
  expires_at timestamp with time zone not null default 'infinity'::timestamp with time zone,
  constraint session_ids_pkey PRIMARY KEY (id),
  constraint session_ids_uid_fkey FOREIGN KEY (uid) REFERENCES sessions(uid) ON DELETE CASCADE
);
CREATE INDEX session_ids_expiry ON public.session_ids USING btree (expires_at) WHERE (expires_at < 'infinity'::timestamp with time zone);
CREATE INDEX session_ids_uid ON public.session_ids USING btree (uid);

create table sessions (
  uid text not null,
  account_id bigint,
  generation integer,
  payload jsonb not null,
  created_at timestamp with time zone not null default pratu_now(),
  seen_at timestamp with time zone not null default pratu_now(),
  expires_at timestamp with time zone not null,
  place jsonb,
  constraint sessions_pkey PRIMARY KEY (uid)
);
CREATE INDEX sessions_account ON public.sessions USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);

create table sign_in_origins (
  account_id bigint not null,
  origin bytea not null,
  last_at timestamp with time zone not null default pratu_now(),
  constraint sign_in_origins_pkey PRIMARY KEY (account_id, origin),
  constraint sign_in_origins_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
CREATE INDEX sign_in_origins_age ON public.sign_in_origins USING btree (last_at);

create table signing_keys (
  kid text not null,
  alg text not null,
  jwk_sealed bytea not null,
  state text not null,
  created_at timestamp with time zone not null default pratu_now(),
  changed_at timestamp with time zone not null default pratu_now(),
  constraint signing_keys_pkey PRIMARY KEY (kid),
  constraint signing_keys_alg_check CHECK ((alg = ANY (ARRAY['RS256'::text, 'PS256'::text, 'ES256'::text]))),
  constraint signing_keys_state_check CHECK ((state = ANY (ARRAY['next'::text, 'current'::text, 'previous'::text, 'removed'::text])))
);
CREATE UNIQUE INDEX signing_keys_one_current ON public.signing_keys USING btree (alg) WHERE (state = 'current'::text);
CREATE UNIQUE INDEX signing_keys_one_next ON public.signing_keys USING btree (alg) WHERE (state = 'next'::text);

create table submissions (
  form bytea not null,
  content bytea not null,
  run uuid not null default gen_random_uuid(),
  begun_at timestamp with time zone not null default pratu_now(),
  sealed bytea,
  constraint submissions_pkey PRIMARY KEY (form)
);
CREATE INDEX submissions_age ON public.submissions USING btree (begun_at);

create table subscriptions (
  id bigint generated always as identity not null,
  account_id bigint not null,
  topic text not null,
  channel text,
  created_at timestamp with time zone not null default pratu_now(),
  constraint subscriptions_pkey PRIMARY KEY (id),
  constraint subscriptions_once UNIQUE NULLS NOT DISTINCT (account_id, topic, channel),
  constraint subscriptions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint subscriptions_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'sms'::text])))
);

create table titles (
  id smallint not null,
  name_th text not null,
  name_en text not null,
  gender text not null,
  constraint titles_pkey PRIMARY KEY (id),
  constraint titles_gender_check CHECK ((gender = ANY (ARRAY['MALE'::text, 'FEMALE'::text])))
);

create table upstream_providers (
  id text not null,
  position integer not null default 0,
  kind text not null,
  settings jsonb not null,
  sealed bytea,
  updated_at timestamp with time zone not null default pratu_now(),
  removed_at timestamp with time zone,
  constraint upstream_providers_pkey PRIMARY KEY (id),
  constraint upstream_providers_check CHECK (((sealed IS NOT NULL) OR (removed_at IS NOT NULL)))
);
CREATE UNIQUE INDEX upstream_providers_facebook ON public.upstream_providers USING btree (kind) WHERE ((kind = 'facebook'::text) AND (removed_at IS NULL));

create table upstream_tokens (
  id uuid not null,
  account_id bigint not null,
  provider text not null,
  sealed bytea not null,
  constraint upstream_tokens_pkey PRIMARY KEY (id),
  constraint upstream_tokens_account_id_provider_key UNIQUE (account_id, provider),
  constraint upstream_tokens_account_id_provider_fkey FOREIGN KEY (account_id, provider) REFERENCES bindings(account_id, provider) ON DELETE CASCADE
);

create table upstream_transactions (
  id bytea not null,
  provider text not null,
  browser bytea not null,
  interaction text,
  account_id bigint,
  step text not null default 'sent'::text,
  links boolean not null default false,
  sealed bytea not null,
  expires_at timestamp with time zone not null,
  constraint upstream_transactions_pkey PRIMARY KEY (id),
  constraint upstream_transactions_account UNIQUE (account_id, provider),
  constraint upstream_transactions_interaction UNIQUE (interaction, provider),
  constraint upstream_transactions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint upstream_transactions_check CHECK (((interaction IS NULL) <> (account_id IS NULL))),
  constraint upstream_transactions_step_check CHECK ((step = ANY (ARRAY['sent'::text, 'answered'::text, 'used'::text, 'proved'::text])))
);
CREATE INDEX upstream_transactions_expires ON public.upstream_transactions USING btree (expires_at);

create table versions (
  name text not null,
  version bigint not null default 1,
  constraint versions_pkey PRIMARY KEY (name)
);

create table webhook_deliveries (
  position bigint generated always as identity not null,
  id uuid not null default gen_random_uuid(),
  webhook_id uuid not null,
  type text not null,
  account_id bigint,
  client_id text,
  data jsonb not null,
  at timestamp with time zone not null default pratu_now(),
  state text not null default 'waiting'::text,
  due_at timestamp with time zone not null default pratu_now(),
  attempts integer not null default 0,
  last_status integer,
  last_error text,
  ended_at timestamp with time zone,
  constraint webhook_deliveries_pkey PRIMARY KEY ("position"),
  constraint webhook_deliveries_id UNIQUE (id),
  constraint webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text])))
);
CREATE INDEX webhook_deliveries_at ON public.webhook_deliveries USING btree (at);
CREATE INDEX webhook_deliveries_due ON public.webhook_deliveries USING btree (webhook_id, due_at) WHERE (state = 'waiting'::text);
CREATE INDEX webhook_deliveries_list ON public.webhook_deliveries USING btree (webhook_id, "position");
CREATE INDEX webhook_deliveries_order ON public.webhook_deliveries USING btree (webhook_id, account_id, "position") WHERE (state = 'waiting'::text);

create table webhook_secrets (
  id uuid not null,
  webhook_id uuid not null,
  sealed bytea not null,
  created_at timestamp with time zone not null default pratu_now(),
  expires_at timestamp with time zone,
  constraint webhook_secrets_pkey PRIMARY KEY (id),
  constraint webhook_secrets_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhooks(id) ON DELETE CASCADE
);
CREATE INDEX webhook_secrets_expires ON public.webhook_secrets USING btree (expires_at);
CREATE INDEX webhook_secrets_webhook ON public.webhook_secrets USING btree (webhook_id);

create table webhooks (
  id uuid not null,
  url text not null,
  events text[] not null,
  include text[] not null default '{}'::text[],
  created_at timestamp with time zone not null default pratu_now(),
  updated_at timestamp with time zone not null default pratu_now(),
  failing_since timestamp with time zone,
  disabled_at timestamp with time zone,
  disabled_reason text,
  constraint webhooks_pkey PRIMARY KEY (id),
  constraint webhooks_url UNIQUE (url),
  constraint webhooks_check CHECK (((disabled_at IS NULL) = (disabled_reason IS NULL))),
  constraint webhooks_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['gone'::text, 'failing'::text, 'operator'::text])))
);
