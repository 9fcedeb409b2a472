import type { Db } from '../../db/database.ts';
import { PROFILE_COLUMNS, raiseGeneration } from '../accounts/accounts.ts';

/** Columns of the account's own row that say something of the person. */
const PERSONAL = [
  ...Object.values(PROFILE_COLUMNS),
  'title_id',
  'picture_id',
  'national_id_sealed',
  'national_id_digest',
  'external_id',
  'import_digest',
];

/** Tables whose rows of the account go with it. */
const THEIRS = [
  'operators',
  'account_roles',
  'contacts',
  'credentials',
  'authenticators',
  'recovery_codes',
  'passkeys',
  'passkey_offers',
  'second_factor_recoveries',
  'bindings',
  'cards',
  'sign_in_origins',
  'last_accesses',
  'retention_notices',
  'consents',
  'consent_records',
  'subscriptions',
  'devices',
  'sessions',
  'mailed_secrets',
  'profile_images',
  'records',
];

/**
 * Empties every personal column and removes what belongs to the person, in the caller's transaction; the row stays as a
 * tombstone. Of the audit trail the events stay, without their details; of the messages, those that tell clients of a
 * logout, which contain no personal data. How many rows of which table it were; undefined when there is no such
 * account left.
 */
export async function eraseAccount(db: Db, id: number): Promise<Record<string, number> | undefined> {
  const erased = await raiseGeneration(db, id, {
    ...Object.fromEntries(PERSONAL.map((column) => [column, null])),
    status: 'deleted',
    deleted_at: db.raw('pratu_now()'),
  });
  if (!erased) return undefined;
  const proved = db('contacts').where({ account_id: id }).whereNotNull('verified_at');
  // by their keys: of mobile numbers, and of e-mail addresses that second factors went to
  const counts: [string, number][] = [['accounts', 1]];
  counts.push([
    'one_time_codes',
    await db('one_time_codes').whereIn('mobile', proved.select('key')).delete(),
  ]);
  for (const table of THEIRS) counts.push([table, await db(table).where({ account_id: id }).delete()]);
  const messages = db('outbox').where({ account_id: id }).whereNot({ channel: 'logout' });
  counts.push(['outbox', await messages.delete()]);
  await db('audit').where({ account_id: id }).update({ details: '{}' });
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
