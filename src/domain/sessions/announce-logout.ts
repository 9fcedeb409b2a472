import type { Db } from '../../db/database.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { SessionPayload } from './session.ts';

const LIFETIME_SECONDS = HOUR_SECONDS;

/** Queues one logout token for each client of an ended session that registered a `backchannel_logout_uri`. */
export async function announceLogout(
  { db, outbox }: { db: Db; outbox: Outbox },
  accountId: number,
  { uid, authorizations = {} }: SessionPayload,
): Promise<void> {
  const clients = await db('clients')
    .whereIn('id', Object.keys(authorizations))
    .whereRaw("metadata->>'backchannel_logout_uri' is not null")
    .select('id');
  for (const { id } of clients as { id: string }[]) {
    await outbox.add({
      channel: 'logout',
      kind: 'logout-token',
      clientId: id,
      sub: String(accountId),
      sid: authorizations[id]?.sid,
      accountId,
      dedupeKey: `logout ${uid} ${id}`,
      lifetimeSeconds: LIFETIME_SECONDS,
    });
  }
}
