import { isDeepStrictEqual } from 'node:util';
import { recordId } from '../../storage/record.ts';

/** What the browser's cookie holds is hashed like a token's value. */
export const sessionIdOf = (cookie: string): string => recordId('Session', cookie);

/** What one client got in a session. */
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

/** A session as it was read, with what decides whether it still lives. */
export interface StoredSession {
  uid: string;
  payload: SessionPayload;
  accountId: number | null;
  generation: number | null;
  accountStatus: string | null;
  accountGeneration: number | null;
}

/** A session lives while its account is active and has not been signed out everywhere since. */
export const isLiveSession = (session: StoredSession): boolean =>
  session.accountId === null ||
  (session.accountStatus === 'active' && session.generation === session.accountGeneration);

/** True when two states of a session belong to the same sign-in: same account, same time. */
export const isSameSignIn = (before: SessionPayload | undefined, after: SessionPayload): boolean =>
  before?.accountId === after.accountId && before?.loginTs === after.loginTs;

/** Seconds by which a session's end and the time that it was last seen may be behind; of a short life, a tenth. */
const TOUCH_SECONDS = 60;

/**
 * Whether a session that was read has to be written: something of it changed, or it was last written a while ago. A
 * browser that goes from client to client does not make a write of every step. `lifetime` in seconds.
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
 * What a request changed in a session's authorizations. Two clients may sign in at once in two tabs: each request
 * writes only its own entries, and the database merges them.
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
