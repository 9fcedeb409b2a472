-- Accounts and what belongs to one: contacts, credentials, card, bindings. Times come from pratu_now().

create function pratu_now() returns timestamptz language sql stable as 'select now()';

create table titles (
  id smallint primary key,
  name_th text not null,
  name_en text not null,
  gender text not null check (gender in ('MALE', 'FEMALE'))
);
insert into titles values
  (1, 'นาย', 'Mr.', 'MALE'), (2, 'นาง', 'Mrs.', 'FEMALE'), (3, 'นางสาว', 'Ms.', 'FEMALE'),
  (4, 'เด็กชาย', 'Mstr.', 'MALE'), (5, 'เด็กหญิง', 'Miss', 'FEMALE');

create table accounts (
  id bigint generated always as identity primary key,
  status text not null default 'active' check (status in ('active', 'pending', 'suspended', 'deleted')),
  -- every session, token and key carries the generation it was made in; raising it kills them all
  generation integer not null default 1,
  first_name text, last_name text, middle_name text, nickname text, preferred_username text,
  title_id smallint references titles,
  birth_date date,
  profile_uri text, website_uri text, picture_id text unique,
  locale text, zoneinfo text,
  phone text,
  address text, address_town text, address_postcode text, address_region text, country text,
  register_channel text check (register_channel in ('MOBILE', 'WEB', 'CALL')),
  register_client_id text,
  national_id_sealed bytea,
  national_id_digest bytea,
  created_at timestamptz not null default pratu_now(),
  updated_at timestamptz not null default pratu_now(),
  deleted_at timestamptz,
  constraint accounts_national_id unique (national_id_digest)
);

create table contacts (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts on delete cascade,
  kind text not null check (kind in ('mobile', 'email')),
  value text not null,
  key text not null,
  preferred boolean not null default false,
  verified_at timestamptz,
  last_verified_at timestamptz,
  added_at timestamptz not null default pratu_now(),
  constraint contacts_once_an_account unique (account_id, kind, key)
);
create unique index contacts_verified on contacts (kind, key) where verified_at is not null;
create index contacts_listed on contacts (kind, key, added_at, id);

create table credentials (
  account_id bigint not null references accounts on delete cascade,
  kind text not null check (kind in ('password')),
  hash text not null,
  changed_at timestamptz not null default pratu_now(),
  primary key (account_id, kind)
);

create table card_levels (id smallint primary key, name text not null);
insert into card_levels values (1, 'Normal');
create table cards (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts on delete cascade,
  level_id smallint not null default 1 references card_levels,
  issued_at timestamptz not null default pratu_now(),
  expires_at timestamptz not null default pratu_now() + interval '1 year',
  constraint cards_one_an_account unique (account_id)
);

create table bindings (
  account_id bigint not null references accounts on delete cascade,
  provider text not null,
  external_id text not null,
  status text not null default '1',
  created_at timestamptz not null default pratu_now(),
  updated_at timestamptz not null default pratu_now(),
  primary key (account_id, provider),
  constraint bindings_external_id unique (provider, external_id)
);

-- where an account signed in from lately (keyed digests), so that strangers cannot lock its owner out
create table sign_in_origins (
  account_id bigint not null references accounts on delete cascade,
  origin bytea not null,
  last_at timestamptz not null default pratu_now(),
  primary key (account_id, origin)
);
create index sign_in_origins_age on sign_in_origins (last_at);
