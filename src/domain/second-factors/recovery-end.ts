import type { Db } from '../../db/database.ts';
import { existing } from '../accounts/accounts.ts';
import { notify } from '../accounts/notices.ts';
import { audit } from '../audit/audit.ts';
import type { Outbox } from '../messages/outbox.ts';
import { deleteRecovery, readRecovery } from './recovery-store.ts';

/** The evidence that the second factor is not lost, or that the wait is unnecessary. */
export type EndedBy = 'second_factor' | 'owner' | 'change';

/**
 * Ends the recovery of a second factor, if there is one, in the caller's transaction, and notifies the owner. A change
 * of the second factors has a notice of its own. Returns false when there was no recovery.
 */
export async function endRecovery(
  { db, outbox }: { db: Db; outbox: Outbox },
  accountId: number,
  by: EndedBy,
): Promise<boolean> {
  // avoids the lock if there is none, as in almost every sign-in
  if (!(await readRecovery(db, accountId))) return false;
  const account = await existing(db, accountId);
  if (!(await deleteRecovery(db, accountId))) return false;
  await audit({ db }).record({
    event: 'second_factor.recovery_cancelled',
    accountId,
    // the person who completed the second factor is the owner
    ...(by === 'second_factor' ? { actor: `account:${accountId}` as const } : {}),
    details: { by },
  });
  if (by !== 'change') await notify({ outbox }, account, 'second-factor-recovery-cancelled');
  return true;
}
