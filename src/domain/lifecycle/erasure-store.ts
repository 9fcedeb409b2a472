import type { Db } from '../../db/database.ts';
import { PROFILE_COLUMNS, raiseGeneration } from '../accounts/accounts.ts';

/** The columns of the account's own row that contain personal data. */
const PERSONAL = [
  ...Object.values(PROFILE_COLUMNS),
  'title_id',
  'picture_id',
  'national_id_sealed',
  'national_id_digest',
  'external_id',
  'import_digest',
];

/** The tables whose rows are deleted with the account. */
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
 * Empties every personal column and deletes the person's rows in other tables, in the caller's transaction. The
 * account's row stays as a tombstone. Audit events stay without their details; logout notifications to clients stay
 * because they contain no personal data. Returns the number of erased rows per table, or undefined when the account no
 * longer exists.
 */
export async function eraseAccount(db: Db, id: number): Promise<Record<string, number> | undefined> {
  const erased = await raiseGeneration(db, id, {
    ...Object.fromEntries(PERSONAL.map((column) => [column, null])),
    status: 'deleted',
    deleted_at: db.raw('pratu_now()'),
  });
  if (!erased) return undefined;
  const proved = db('contacts').where({ account_id: id }).whereNotNull('verified_at');
  // matched by key: of mobile numbers, and of e-mail addresses that second factors were sent to
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
