import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { existing, raiseGeneration } from '../accounts/accounts.ts';
import { mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import type { Outbox } from '../messages/outbox.ts';
import { carryOver, endSessions, type PreservedSession } from './end-sessions.ts';

interface Deps {
  /** The caller's transaction. */
  db: Db;
  keyring: Keyring;
  outbox: Outbox;
}

/**
 * Revokes everything that was issued to an account so far: sessions, tokens, keys and pending changes, with the
 * exception of `preservedSession`. The account is locked first. Throws `ACCOUNT_NOT_FOUND` when it was removed in the
 * meantime. Throws `UNAVAILABLE`, for a retry, when something else has ended what was issued to it since the request
 * was authorized.
 */
export async function signOutOthers(
  { db, keyring, outbox }: Deps,
  accountId: number,
  preservedSession?: PreservedSession,
): Promise<void> {
  await existing(db, accountId, preservedSession?.generation);
  await endSessions({ db, outbox }, accountId, preservedSession);
  if (!(await raiseGeneration(db, accountId))) throw new AppError('ACCOUNT_NOT_FOUND');
  if (preservedSession) await carryOver(db, accountId, preservedSession);
  await mailedSecrets({ db, keyring }).end(accountId, ['change_email']);
}
