import type { Db } from '../../db/database.ts';
import type { AccountStatus } from '../accounts/account.ts';
import type { IdentifierOf } from '../identifiers/identifier.ts';

/** The identifier that an account is looked up by. */
export type SearchedContact = IdentifierOf<'mobile' | 'email'>;

export interface FoundRow {
  id: number;
  status: Exclude<AccountStatus, 'deleted'>;
  registered_by: number;
}

/**
 * Every client has a number: that of its registration, its id if that is a number, or one assigned to its row. A
 * deleted client has at most its id.
 */
const BY_CONTACT = `
  select a.id, a.status, coalesce(
    (c.metadata->>'number')::bigint,
    case when a.register_client_id ~ '^[1-9][0-9]{0,14}$' then a.register_client_id::bigint end,
    c.number, 0) as registered_by
  from contacts k
  join accounts a on a.id = k.account_id
  left join clients c on c.id = a.register_client_id
  where k.kind = ? and k.key = ? and k.verified_at is not null`;

/**
 * Restricts the search to accounts whose owner currently allows lookups, by the current text of one of the purposes.
 */
const ALLOWED = `
  and exists (
    select from consent_records r join unnest(?::text[], ?::text[]) as p (purpose, version) using (purpose, version)
    where r.account_id = a.id and r.withdrawn_at is null)`;

/** A consent that allows lookups. */
export type AllowingPurpose = { purpose: string; version: string };

/**
 * Returns the account on which a value is verified; if a list of purposes is given, only with one of these consents.
 */
export async function readByContact(
  db: Db,
  { kind, key }: SearchedContact,
  allowing?: readonly AllowingPurpose[],
): Promise<FoundRow | undefined> {
  const { rows } = allowing
    ? await db.raw(BY_CONTACT + ALLOWED, [
        kind,
        key,
        allowing.map(({ purpose }) => purpose),
        allowing.map(({ version }) => version),
      ])
    : await db.raw(BY_CONTACT, [kind, key]);
  return rows[0] as FoundRow | undefined;
}
