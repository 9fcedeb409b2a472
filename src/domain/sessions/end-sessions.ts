import type { Db } from '../../db/database.ts';
import type { Outbox } from '../messages/outbox.ts';
import { announceLogout } from './announce-logout.ts';
import type { SessionPayload } from './session.ts';

/** The tokens and the session of a request that ends everything else of an account; they are preserved. */
export interface PreservedSession {
  /** The account's generation when the request was authorized: anything that has ended since is not preserved. */
  generation: number;
  /** `recordId('Grant', …)`; undefined if the request came with only a session. */
  grantRecord?: string | undefined;
  sessionUid?: string | undefined;
}

/** The part of a change that is written in the caller's transaction; the change also ends other sign-ins. */
export type PreparedChange = (db: Db, preservedSession: PreservedSession) => Promise<void>;

/**
 * Ends the sessions of an account and notifies the clients that registered for it (OpenID Connect Back-Channel Logout
 * 1.0). Tokens are not touched: raising the account's generation revokes those.
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

/** Moves the preserved session and tokens to the account's new generation. */
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
