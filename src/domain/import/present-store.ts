import type { Db } from '../../db/database.ts';
import type { Title } from '../accounts/account.ts';
import type { ImportedBinding, ImportedContact, ImportRow } from './import-row.ts';

/** The account that a row belongs to, as far as a row can change it. Locked until the transaction ends. */
export interface PresentAccount {
  id: number;
  externalId: string | null;
  importDigest: Buffer | null;
  status: NonNullable<ImportRow['status']>;
  firstName: string | null;
  lastName: string | null;
  middleName: string | null;
  nickname: string | null;
  preferredUsername: string | null;
  profileUri: string | null;
  websiteUri: string | null;
  birthDate: string | null;
  locale: string | null;
  titleId: number | null;
  gender: Title['gender'] | null;
  nationalIdDigest: Buffer | null;
  /** Whether the account has a password, and the digest of its imported hash; null if it was chosen in this system. */
  hasPassword: boolean;
  importedDigest: Buffer | null;
}

const ACCOUNTS = `
  select a.id, a.external_id as "externalId", a.import_digest as "importDigest", a.status, a.first_name as "firstName",
    a.last_name as "lastName", a.middle_name as "middleName", a.nickname, a.preferred_username as "preferredUsername",
    a.profile_uri as "profileUri", a.website_uri as "websiteUri", a.birth_date::text as "birthDate", a.locale, a.title_id as "titleId", t.gender,
    a.national_id_digest as "nationalIdDigest", p.account_id is not null as "hasPassword",
    p.imported_digest as "importedDigest"
  from accounts a
  left join titles t on t.id = a.title_id
  left join credentials p on p.account_id = a.id and p.kind = 'password'
  where a.external_id = any(?) or a.import_digest = any(?)
  order by a.id for no key update of a`;

export async function lockAccounts(
  db: Db,
  externalIds: string[],
  importDigests: Buffer[],
): Promise<PresentAccount[]> {
  const { rows } = await db.raw(ACCOUNTS, [externalIds, importDigests]);
  return rows;
}

export type Held<Thing> = Thing & { accountId: number };

const CONTACTS = `
  select account_id as "accountId", kind, key, verified_at is not null as verified from contacts
  where account_id = any(?)
  union
  select c.account_id, c.kind, c.key, true from unnest(?::text[], ?::text[]) as w (kind, key)
  join contacts c on c.kind = w.kind and c.key = w.key and c.verified_at is not null`;

/** Returns the contacts of the accounts, and the verified contacts of any account that are among `wanted`. */
export async function readContacts(
  db: Db,
  accountIds: number[],
  wanted: readonly ImportedContact[],
): Promise<Held<Omit<ImportedContact, 'value'>>[]> {
  const keys = [wanted.map(({ kind }) => kind), wanted.map(({ key }) => key)];
  const { rows } = await db.raw(CONTACTS, [accountIds, ...keys]);
  return rows;
}

const BINDINGS = `
  select account_id as "accountId", provider, external_id as "externalId" from bindings where account_id = any(?)
  union
  select b.account_id, b.provider, b.external_id from unnest(?::text[], ?::text[]) as w (provider, id)
  join bindings b on b.provider = w.provider and b.external_id = w.id`;

/** Returns the bindings of the accounts, and the bindings of any account that are among `wanted`. */
export async function readBindings(
  db: Db,
  accountIds: number[],
  wanted: readonly ImportedBinding[],
): Promise<Held<ImportedBinding>[]> {
  const ids = [wanted.map(({ provider }) => provider), wanted.map(({ externalId }) => externalId)];
  const { rows } = await db.raw(BINDINGS, [accountIds, ...ids]);
  return rows;
}

/** Returns the accounts whose national IDs have these digests. */
export async function readNationalIds(db: Db, digests: Buffer[]): Promise<Held<{ digest: Buffer }>[]> {
  if (digests.length === 0) return [];
  const { rows } = await db.raw(
    'select id as "accountId", national_id_digest as digest from accounts where national_id_digest = any(?)',
    [digests],
  );
  return rows;
}
