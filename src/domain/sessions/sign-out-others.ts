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
 * Kills what an account gave out so far: sessions, tokens, keys, pending changes; all of it, or all but what belongs to
 * the request that does it. The account is locked first. Throws `ACCOUNT_NOT_FOUND` when it was removed meanwhile, and
 * `UNAVAILABLE`, to be tried again, when something else has ended what was issued to it since the request was allowed.
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
