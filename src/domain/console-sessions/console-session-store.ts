import type { Db } from '../../db/database.ts';
import type { Role } from '../operators/role.ts';

/** A sign-in of an operator to the console. */
export interface ConsoleSession {
  accountId: number;
  /** The role at the time of this read. */
  role: Role;
  authenticatedAt: Date;
  /** Authentication methods (RFC 8176). */
  amr: readonly string[];
}

export interface NewConsoleSession extends Omit<ConsoleSession, 'role'> {
  /** SHA-256 of the cookie. */
  id: Buffer;
  generation: number;
  /** Counted from the time of authentication. */
  lifetimeSeconds: number;
}

/** Returns false if the account is no longer an operator. */
export async function insertConsoleSession(db: Db, session: NewConsoleSession): Promise<boolean> {
  const { rowCount } = await db.raw(
    `insert into console_sessions (id, account_id, generation, authenticated_at, amr, expires_at)
     select :id, account_id, :generation, :authenticatedAt, :amr,
       :authenticatedAt::timestamptz + make_interval(secs => :lifetimeSeconds)
     from operators where account_id = :accountId`,
    { ...session },
  );
  return rowCount === 1;
}

/** Returns a session that has not expired, if its account is active, in the same generation and still an operator. */
export async function readConsoleSession(db: Db, id: Buffer): Promise<ConsoleSession | undefined> {
  const { rows } = await db.raw(
    `select s.account_id as "accountId", o.role, s.authenticated_at as "authenticatedAt", s.amr
     from console_sessions s
     join operators o on o.account_id = s.account_id
     join accounts a on a.id = s.account_id and a.generation = s.generation and a.status = 'active'
     where s.id = ? and s.expires_at > pratu_now()`,
    [id],
  );
  return rows[0] as ConsoleSession | undefined;
}

export const deleteConsoleSession = async (db: Db, id: Buffer): Promise<boolean> =>
  (await db('console_sessions').where({ id }).delete()) > 0;
