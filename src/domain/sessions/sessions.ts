import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { recordId } from '../../storage/record.ts';
import { accessGrants } from '../access-grants/access-grants.ts';
import { existing } from '../accounts/accounts.ts';
import { notify } from '../accounts/notices.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
import type { Outbox } from '../messages/outbox.ts';
import { requireAuthority } from '../operators/authority.ts';
import { announceLogout } from './announce-logout.ts';
import type { PreservedSession } from './end-sessions.ts';
import type { SessionPayload } from './session.ts';
import { readBrowsers, removeSession, type SignedInBrowser } from './session-store.ts';
import { signOutOthers } from './sign-out-others.ts';

export type { SignedInBrowser } from './session-store.ts';

/** The browsers in which an account is signed in, as its owner sees and ends them. */
export interface Sessions {
  /** Returns the sessions, the most recently seen first. */
  list(accountId: number): Promise<SignedInBrowser[]>;
  /**
   * Ends a session with everything that clients obtained in it, and notifies those that registered for it. Throws
   * `NOT_FOUND` when the account has no such session, and `OPERATOR_PROTECTED`.
   */
  end(accountId: number, uid: string, by?: Pick<AuditEvent, 'requestId'>): Promise<void>;
  /**
   * Ends every other session and everything that clients obtained, and notifies the owner. Throws as `signOutOthers`
   * does.
   */
  endOthers(
    accountId: number,
    preservedSession: PreservedSession,
    by?: Pick<AuditEvent, 'requestId'>,
  ): Promise<void>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  outbox: (db: Db) => Outbox;
}

/**
 * Returns the grants that clients obtained in a session. They outlive a logout, which a person performs in the browser
 * itself. They do not outlive a session that its owner ends from elsewhere, because the owner may never have controlled
 * that browser.
 */
const gotIn = ({ authorizations = {} }: SessionPayload): string[] =>
  Object.values(authorizations).flatMap(({ grantId }) =>
    grantId === undefined ? [] : [recordId('Grant', grantId)],
  );

export const sessions = ({ db, keyring, outbox }: Deps): Sessions => ({
  list: (accountId) => readBrowsers(db, accountId),
  end: (accountId, uid, by = {}) =>
    transaction(db, async (tx) => {
      await requireAuthority(tx, accountId);
      const ended = await removeSession(tx, accountId, uid);
      if (!ended) throw new AppError('NOT_FOUND');
      await accessGrants({ db: tx }).endAll(accountId, gotIn(ended));
      await announceLogout({ db: tx, outbox: outbox(tx) }, accountId, ended);
      await audit({ db: tx }).record({ event: 'session.ended', accountId, ...by });
    }),
  endOthers: (accountId, preservedSession, by = {}) =>
    transaction(db, async (tx) => {
      const account = await existing(tx, accountId);
      const around = { db: tx, keyring, outbox: outbox(tx) };
      await signOutOthers(around, accountId, preservedSession);
      await notify(around, account, 'signed-out-everywhere');
      await audit({ db: tx }).record({ event: 'account.signed_out_everywhere', accountId, ...by });
    }),
});
