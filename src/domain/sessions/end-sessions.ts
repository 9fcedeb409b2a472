import type { Db } from '../../db/database.ts';
import type { Outbox } from '../messages/outbox.ts';
import { announceLogout } from './announce-logout.ts';
import type { SessionPayload } from './session.ts';

/** What stays when everything else of an account ends: the tokens and the session of the request that ends it. */
export interface PreservedSession {
  /** The account's, when the request was found to be allowed: what has ended since is not kept. */
  generation: number;
  /** `recordId('Grant', …)`; none where the request came with a session alone. */
  grantRecord?: string | undefined;
  sessionUid?: string | undefined;
}

/** The half of a change that ends other sign-ins which is written, in the caller's transaction. */
export type PreparedChange = (db: Db, preservedSession: PreservedSession) => Promise<void>;

/**
 * Ends the sessions of an account and tells the clients that asked to hear of it (OpenID Connect Back-Channel
 * Logout 1.0). Tokens are not touched: raising the account's generation kills those.
 */
export async function endSessions(
  { db, outbox }: { db: Db; outbox: Outbox },
  accountId: number,
  preservedSession?: PreservedSession,
): Promise<void> {
  const ending = db('sessions').where({ account_id: accountId });
  if (preservedSession?.sessionUid) ending.whereNot({ uid: preservedSession.sessionUid });
  const ended = await ending.delete().returning('payload');
  for (const { payload } of ended as { payload: SessionPayload }[]) {
    await announceLogout({ db, outbox }, accountId, payload);
  }
}

/** Takes what stays into the account's new generation. */
export async function carryOver(
  db: Db,
  accountId: number,
  preservedSession: PreservedSession,
): Promise<void> {
  const { grantRecord, sessionUid } = preservedSession;
  const generation = db('accounts').where({ id: accountId }).select('generation');
  if (grantRecord)
    await db('records')
      .where({ account_id: accountId, generation: preservedSession.generation })
      .where((own) => own.where({ grant_id: grantRecord }).orWhere({ id: grantRecord }))
      .update({ generation });
  if (sessionUid)
    await db('sessions')
      .where({ uid: sessionUid, account_id: accountId, generation: preservedSession.generation })
      .update({ generation });
}
