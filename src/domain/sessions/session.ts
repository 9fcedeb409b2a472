import { isDeepStrictEqual } from 'node:util';
import { recordId } from '../../storage/record.ts';

/** Returns the id of a session: the value of the cookie is hashed like that of a token. */
export const sessionIdOf = (cookie: string): string => recordId('Session', cookie);

/** The authorization of one client in a session. */
export interface ClientAuthorization {
  sid?: string;
  grantId?: string;
  [more: string]: unknown;
}

export interface SessionPayload {
  uid: string;
  accountId?: string;
  authorizations?: Record<string, ClientAuthorization>;
  [more: string]: unknown;
}

/** A session as read, with the values that decide whether it is still live. */
export interface StoredSession {
  uid: string;
  payload: SessionPayload;
  accountId: number | null;
  generation: number | null;
  accountStatus: string | null;
  accountGeneration: number | null;
}

/** Returns whether a session is live: its account is active and has not been signed out everywhere since. */
export const isLiveSession = (session: StoredSession): boolean =>
  session.accountId === null ||
  (session.accountStatus === 'active' && session.generation === session.accountGeneration);

/** Returns whether two states of a session belong to the same sign-in: same account, same time. */
export const isSameSignIn = (before: SessionPayload | undefined, after: SessionPayload): boolean =>
  before?.accountId === after.accountId && before?.loginTs === after.loginTs;

/** The seconds by which the stored end and last-seen time of a session may lag; for a short lifetime, a tenth of it. */
const TOUCH_SECONDS = 60;

/**
 * Returns whether a session that was read has to be written: its content changed, or it was last written a while ago. A
 * browser that moves from client to client does not cause a write at every step. `lifetime` is in seconds.
 */
export function isWorthWriting(before: SessionPayload, after: SessionPayload, lifetime: number): boolean {
  const { exp: end = 0, iat: _read, jti: _id, ...had } = before;
  const { exp: newEnd = 0, iat: _now, jti: _sameId, ...has } = after;
  const behind = Math.abs(Number(newEnd) - Number(end));
  return behind >= Math.min(TOUCH_SECONDS, lifetime / 10) || !isDeepStrictEqual(had, has);
}

export interface AuthorizationChanges {
  changed: Record<string, ClientAuthorization>;
  removed: string[];
}

/**
 * Returns the changes of a request to a session's authorizations. Two clients can sign in simultaneously in two tabs:
 * each request writes only its own entries, and the database merges them.
 */
export function authorizationChanges(
  before: SessionPayload['authorizations'] = {},
  after: SessionPayload['authorizations'] = {},
): AuthorizationChanges {
  const changed = Object.entries(after).filter(
    ([clientId, entry]) => JSON.stringify(entry) !== JSON.stringify(before[clientId]),
  );
  return {
    changed: Object.fromEntries(changed),
    removed: Object.keys(before).filter((clientId) => !(clientId in after)),
  };
}
