import type { Db } from '../../db/database.ts';
import type { Outbox } from '../messages/outbox.ts';
import { announceLogout } from './announce-logout.ts';
import type { SessionPayload } from './session.ts';

/**
 * Ends every session of an account and tells the clients that asked to hear of it (OpenID Connect Back-Channel
 * Logout 1.0). Tokens are not touched: raising the account's generation kills those.
 */
export async function endSessions(
  { db, outbox }: { db: Db; outbox: Outbox },
  accountId: number,
): Promise<void> {
  const ended = await db('sessions').where({ account_id: accountId }).delete().returning('payload');
  for (const { payload } of ended as { payload: SessionPayload }[]) {
    await announceLogout({ db, outbox }, accountId, payload);
  }
}
