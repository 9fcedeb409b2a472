import type { Db } from '../../db/database.ts';
import type { ImportedBinding, ImportedContact } from './import-row.ts';
import type { Held } from './present-store.ts';

/**
 * The columns of a row in `accounts`; bytes are in hexadecimal. Absent columns remain unchanged; in a new row they are
 * null, except `created_at`, which is the current time.
 */
export interface AccountColumns {
  id: number;
  status?: string | undefined;
  first_name?: string | undefined;
  last_name?: string | undefined;
  middle_name?: string | undefined;
  nickname?: string | undefined;
  preferred_username?: string | undefined;
  profile_uri?: string | undefined;
  website_uri?: string | undefined;
  birth_date?: string | undefined;
  locale?: string | undefined;
  title_id?: number | undefined;
  sealed?: string | undefined;
  digest?: string | undefined;
  external_id?: string | undefined;
  import_digest?: string | undefined;
  created_at?: string | undefined;
}

const ACCOUNTS = `jsonb_to_recordset(?::jsonb) as r (id bigint, status text, first_name text, last_name text,
  middle_name text, nickname text, preferred_username text, profile_uri text, website_uri text, birth_date date, locale text, title_id smallint, sealed text, digest text, external_id text, import_digest text,
  created_at timestamptz)`;

const INSERT_ACCOUNTS = `
  insert into accounts (id, status, first_name, last_name, middle_name, nickname, preferred_username,
    profile_uri, website_uri, birth_date, locale, title_id, national_id_sealed,
    national_id_digest, external_id, import_digest, created_at)
  overriding system value
  select id, status, first_name, last_name, middle_name, nickname, preferred_username, profile_uri, website_uri,
    birth_date, locale, title_id, decode(sealed, 'hex'), decode(digest, 'hex'),
    external_id, decode(import_digest, 'hex'), coalesce(created_at, pratu_now())
  from ${ACCOUNTS}`;

const UPDATE_ACCOUNTS = `
  update accounts a set
    first_name = coalesce(r.first_name, a.first_name), last_name = coalesce(r.last_name, a.last_name),
    middle_name = coalesce(r.middle_name, a.middle_name), nickname = coalesce(r.nickname, a.nickname),
    preferred_username = coalesce(r.preferred_username, a.preferred_username),
    profile_uri = coalesce(r.profile_uri, a.profile_uri), website_uri = coalesce(r.website_uri, a.website_uri),
    birth_date = coalesce(r.birth_date, a.birth_date), locale = coalesce(r.locale, a.locale),
    title_id = coalesce(r.title_id, a.title_id),
    national_id_sealed = coalesce(decode(r.sealed, 'hex'), a.national_id_sealed),
    national_id_digest = coalesce(decode(r.digest, 'hex'), a.national_id_digest),
    updated_at = pratu_now()
  from ${ACCOUNTS} where a.id = r.id`;

/** Returns `count` new account IDs. */
export async function takeIds(db: Db, count: number): Promise<number[]> {
  const { rows } = await db.raw(
    `select nextval(pg_get_serial_sequence('accounts', 'id')) as id from generate_series(1, ?::int)`,
    [count],
  );
  return (rows as { id: number }[]).map(({ id }) => id);
}

/** Inserts accounts, each with its card. */
export async function insertAccounts(db: Db, accounts: readonly AccountColumns[]): Promise<void> {
  await db.raw(INSERT_ACCOUNTS, [JSON.stringify(accounts)]);
  await db.raw('insert into cards (account_id) select id from unnest(?::bigint[]) as n (id)', [
    accounts.map(({ id }) => id),
  ]);
}

export async function updateAccounts(db: Db, accounts: readonly AccountColumns[]): Promise<void> {
  await db.raw(UPDATE_ACCOUNTS, [JSON.stringify(accounts)]);
}

const CONTACTS = `jsonb_to_recordset(?::jsonb) as r ("accountId" bigint, kind text, value text, key text, verified boolean)`;

/**
 * Lists contacts as the main ones of their kind, replacing unverified ones; a verified contact of the account remains.
 * Removes verified values from other accounts, on which they are not verified.
 */
export async function writeContacts(db: Db, contacts: readonly Held<ImportedContact>[]): Promise<void> {
  if (contacts.length === 0) return;
  const json = JSON.stringify(contacts);
  const others = 'c.account_id = r."accountId" and c.kind = r.kind and c.key <> r.key';
  await db.raw(`delete from contacts c using ${CONTACTS} where ${others} and c.verified_at is null`, [json]);
  await db.raw(`update contacts c set preferred = false from ${CONTACTS} where ${others}`, [json]);
  await db.raw(
    `insert into contacts as c (account_id, kind, value, key, preferred, verified_at, last_verified_at)
     select "accountId", kind, value, key, true, case when verified then pratu_now() end,
       case when verified then pratu_now() end from ${CONTACTS} order by "accountId", kind
     on conflict (account_id, kind, key) do update set preferred = true,
       verified_at = coalesce(c.verified_at, excluded.verified_at),
       last_verified_at = coalesce(excluded.last_verified_at, c.last_verified_at)`,
    [json],
  );
  await db.raw(
    `delete from contacts c using ${CONTACTS} where r.verified and c.kind = r.kind and c.key = r.key
     and c.verified_at is null and c.account_id <> r."accountId"`,
    [json],
  );
  const proved = contacts.filter(({ verified }) => verified).map(({ accountId }) => accountId);
  await db.raw(
    'update accounts set proved_at = pratu_now() where id = any(?::bigint[]) and proved_at is null',
    [proved],
  );
}

export interface ImportedPassword {
  accountId: number;
  hash: string;
  /**
   * A digest in hexadecimal that identifies the hash in a repeated import, even after the first sign-in has replaced
   * it.
   */
  digest: string;
}

export async function writePasswords(db: Db, passwords: readonly ImportedPassword[]): Promise<void> {
  if (passwords.length === 0) return;
  await db.raw(
    `insert into credentials (account_id, kind, hash, imported_digest)
     select "accountId", 'password', hash, decode(digest, 'hex')
     from jsonb_to_recordset(?::jsonb) as r ("accountId" bigint, hash text, digest text)
     on conflict (account_id, kind) do update
       set hash = excluded.hash, imported_digest = excluded.imported_digest, changed_at = pratu_now()`,
    [JSON.stringify(passwords)],
  );
}

export async function writeBindings(db: Db, bindings: readonly Held<ImportedBinding>[]): Promise<void> {
  if (bindings.length === 0) return;
  await db.raw(
    `insert into bindings (account_id, provider, external_id)
     select "accountId", provider, "externalId"
     from jsonb_to_recordset(?::jsonb) as r ("accountId" bigint, provider text, "externalId" text)
     on conflict (account_id, provider) do update
       set external_id = excluded.external_id, updated_at = pratu_now()`,
    [JSON.stringify(bindings)],
  );
}
