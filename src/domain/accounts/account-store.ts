import { batchedRead } from '../../db/batched-read.ts';
import { reserve } from '../../db/claims.ts';
import type { Db } from '../../db/database.ts';
import type { RunQuery } from '../../db/run-query.ts';
import {
  type Account,
  type Card,
  type Contact,
  markPreferred,
  type Profile,
  type ProfileChange,
  type Title,
} from './account.ts';

/** Columns of `accounts` by the member of `Profile` that they store. */
export const PROFILE_COLUMNS = {
  firstName: 'first_name',
  lastName: 'last_name',
  middleName: 'middle_name',
  nickname: 'nickname',
  preferredUsername: 'preferred_username',
  birthDate: 'birth_date',
  profileUri: 'profile_uri',
  websiteUri: 'website_uri',
  locale: 'locale',
  zoneinfo: 'zoneinfo',
  phone: 'phone',
  address: 'address',
  addressTown: 'address_town',
  addressPostcode: 'address_postcode',
  addressRegion: 'address_region',
  country: 'country',
  locationId: 'location_id',
  longitude: 'longitude',
  latitude: 'latitude',
  avatar: 'avatar',
} as const satisfies Record<keyof Profile, string>;

/** Selects accounts (`a`) with their contacts, titles and cards in one statement. A condition may be appended. */
export const WHOLE_ACCOUNT = `
  select a.*, a.birth_date::text as birth_date,
    case when t.id is not null then
      json_build_object('id', t.id, 'nameTh', t.name_th, 'nameEn', t.name_en, 'gender', t.gender) end as title,
    case when c.id is not null then json_build_object('id', c.id, 'expiresAt', c.expires_at,
      'level', json_build_object('id', l.id, 'name', l.name)) end as card,
    coalesce((select jsonb_agg(jsonb_build_object('kind', k.kind, 'value', k.value, 'preferred', k.preferred,
      'verified', k.verified_at is not null, 'confirmed', k.unconfirmed_since is null,
      'addedAt', k.added_at, 'lastVerifiedAt', k.last_verified_at)
      order by k.added_at, k.id) from contacts k where k.account_id = a.id), '[]') as contacts
  from accounts a
  left join titles t on t.id = a.title_id
  left join cards c on c.account_id = a.id
  left join card_levels l on l.id = c.level_id`;

export type WholeAccountRow = Record<string, unknown> & {
  contacts: (Omit<Contact, 'addedAt' | 'lastVerifiedAt'> & {
    addedAt: string;
    lastVerifiedAt: string | null;
  })[];
  title: Title | null;
  card: (Omit<Card, 'expiresAt'> & { expiresAt: string }) | null;
};

function profileOf(row: WholeAccountRow): Profile {
  const entries = Object.entries(PROFILE_COLUMNS).map(([member, column]) => [member, row[column] ?? null]);
  return Object.fromEntries(entries) as Profile;
}

const accountOf = (row: WholeAccountRow): Account => ({
  id: row.id as number,
  status: row.status as Account['status'],
  generation: row.generation as number,
  profile: profileOf(row),
  title: row.title,
  pictureId: row.picture_id as string | null,
  card: row.card && { ...row.card, expiresAt: new Date(row.card.expiresAt) },
  contacts: markPreferred(
    row.contacts.map((contact) => ({
      ...contact,
      addedAt: new Date(contact.addedAt),
      lastVerifiedAt: contact.lastVerifiedAt ? new Date(contact.lastVerifiedAt) : null,
    })),
  ),
  registerChannel: row.register_channel as Account['registerChannel'],
  registerClientId: row.register_client_id as string | null,
  externalId: row.external_id as string | null,
  createdAt: row.created_at as Date,
  updatedAt: row.updated_at as Date,
});

export async function readAccount(db: Db, id: number): Promise<Account | undefined> {
  const { rows } = await db.raw(`${WHOLE_ACCOUNT} where a.id = ?`, [id]);
  return rows[0] && accountOf(rows[0] as WholeAccountRow);
}

/** The account in a row of `WHOLE_ACCOUNT`; undefined if a join matched no account. */
export const wholeAccount = (row: WholeAccountRow): Account | undefined =>
  row.id === null ? undefined : accountOf(row);

/** Reads accounts by ID outside of transactions, with many IDs in one statement. */
export const accountReader = (query: RunQuery): ((id: number) => Promise<Account | undefined>) =>
  batchedRead(
    async (ids: number[]) => {
      const { rows } = await query<WholeAccountRow>(
        'read-accounts',
        `${WHOLE_ACCOUNT} where a.id = any($1::bigint[])`,
        [ids],
      );
      return new Map(rows.map((row) => [row.id as number, accountOf(row)]));
    },
    { name: 'read-accounts', tracing: query.tracing },
  );

/** Blocks other transactions that lock the account or change its row. */
export async function lockAccount(db: Db, id: number): Promise<void> {
  await db.raw('select 1 from accounts where id = ? for no key update', [id]);
}

/** Inserts the account with its card. Returns the ID of the account. */
export async function insertAccount(db: Db, columns: Record<string, unknown>): Promise<number> {
  const { id } = await reserve<{ id: number }>(db('accounts').insert(columns));
  await db('cards').insert({ account_id: id });
  return id;
}

/** Sets columns. Returns false if the account does not exist or is deleted. */
export async function updateAccount(db: Db, id: number, columns: Record<string, unknown>): Promise<boolean> {
  const changed = await db('accounts')
    .where({ id })
    .whereNot({ status: 'deleted' })
    .update({ ...columns, updated_at: db.raw('pratu_now()') });
  return changed > 0;
}

/** Increments the generation and sets `columns` in the same statement. Returns false as `updateAccount` does. */
export async function raiseGeneration(
  db: Db,
  id: number,
  columns: Record<string, unknown> = {},
): Promise<boolean> {
  return updateAccount(db, id, { ...columns, generation: db.raw('generation + 1') });
}

/** A query for the account that holds a card. `id` is the placeholder of the card's ID. */
export const cardHolderQuery = (id: string): string => `select d.account_id from cards d where d.id = ${id}`;

export async function readCardHolder(db: Db, cardId: number): Promise<number | undefined> {
  const { rows } = await db.raw(cardHolderQuery('?'), [cardId]);
  return rows[0]?.account_id;
}

export async function readByExternalId(db: Db, externalId: string): Promise<number | undefined> {
  const row = await db('accounts').where({ external_id: externalId }).first('id');
  return row?.id;
}

/** The columns that a profile change writes. */
export const profileColumns = ({ titleId, ...profile }: ProfileChange): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(profile).map(([member, value]) => [PROFILE_COLUMNS[member as keyof Profile], value]),
  ),
  ...(titleId === undefined ? {} : { title_id: titleId }),
});
