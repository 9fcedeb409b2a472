import type { Db } from '../../db/database.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import type { Outbox } from '../messages/outbox.ts';
import { accounts } from './accounts.ts';
import { tellEveryContact } from './every-contact.ts';

/**
 * Notifies an account of a sign-in from a device and a network from which it has not been used before. Does nothing for
 * an account that is less than a day old: it has not been used from anywhere, and its owner has just created it.
 */
export async function tellNewSignIn(
  { db, outbox, now }: { db: Db; outbox: Outbox; now: Date },
  accountId: number,
): Promise<void> {
  const account = await accounts({ db }).find(accountId);
  if (!account || now.getTime() - account.createdAt.getTime() < DAY_SECONDS * 1000) return;
  await tellEveryContact({ outbox }, account, { kind: 'new-sign-in', values: {} });
}
