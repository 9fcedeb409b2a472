import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { randomToken } from '../../lib/ids.ts';
import { sha256 } from '../../lib/sha256.ts';
import { audit } from '../audit/audit.ts';
import {
  type ConsoleSession,
  deleteConsoleSession,
  insertConsoleSession,
  type NewConsoleSession,
  readConsoleSession,
} from './console-session-store.ts';

export type { ConsoleSession } from './console-session-store.ts';

/** The time after which an operator must authenticate again. */
export const CONSOLE_SESSION_SECONDS = 43_200;

/**
 * Sessions of operators in the console, separate from the browser sessions of the protocol. A session ends when its
 * account loses the role, changes its generation or is no longer active. This takes effect immediately in every
 * process, because each request reads all three.
 */
export interface ConsoleSessions {
  /** Returns the value of the new cookie; undefined if the account is not an operator. */
  begin(
    signIn: Pick<NewConsoleSession, 'accountId' | 'generation' | 'authenticatedAt' | 'amr'>,
  ): Promise<string | undefined>;
  /** Returns the session of a cookie; undefined if it has ended. */
  find(cookie: string): Promise<ConsoleSession | undefined>;
  end(cookie: string): Promise<void>;
  /** Records that an account's sign-in was too weak for the console. */
  refuseWeak(accountId: number): Promise<void>;
}

export const consoleSessions = ({ db }: { db: Db }): ConsoleSessions => ({
  begin: ({ accountId, generation, authenticatedAt, amr }) =>
    transaction(db, async (tx) => {
      const cookie = randomToken();
      const began = await insertConsoleSession(tx, {
        ...{ accountId, generation, authenticatedAt, amr },
        id: sha256(cookie),
        lifetimeSeconds: CONSOLE_SESSION_SECONDS,
      });
      const event = began ? 'console.signed_in' : 'console.refused';
      const actor = began ? (`operator:${accountId}` as const) : (`account:${accountId}` as const);
      const reason = began ? undefined : 'no_role';
      await audit({ db: tx }).record({ event, accountId, actor, reason });
      return began ? cookie : undefined;
    }),
  refuseWeak: (accountId) =>
    audit({ db }).record({
      event: 'console.refused',
      accountId,
      actor: `account:${accountId}`,
      reason: 'second_factor_missing',
    }),
  find: (cookie) => readConsoleSession(db, sha256(cookie)),
  end: (cookie) =>
    transaction(db, async (tx) => {
      const id = sha256(cookie);
      const session = await readConsoleSession(tx, id);
      await deleteConsoleSession(tx, id);
      if (session)
        await audit({ db: tx }).record({ event: 'console.signed_out', accountId: session.accountId });
    }),
});
