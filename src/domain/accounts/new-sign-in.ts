import type { Db } from '../../db/database.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import type { Outbox } from '../messages/outbox.ts';
import { accounts } from './accounts.ts';
import { tellEveryContact } from './every-contact.ts';

/**
 * Tells an account that it was used on a device and in a network that it has not been used from. An account of the last
 * day has not been used from anywhere, and its owner has just made it.
 */
export async function tellNewSignIn(
  { db, outbox, now }: { db: Db; outbox: Outbox; now: Date },
  accountId: number,
): Promise<void> {
  const account = await accounts({ db }).find(accountId);
  if (!account || now.getTime() - account.createdAt.getTime() < DAY_SECONDS * 1000) return;
  await tellEveryContact({ outbox }, account, { kind: 'new-sign-in', values: {} });
}
