import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { RunQuery } from '../../db/run-query.ts';
import {
  authorizationChanges,
  isLiveSession,
  isSameSignIn,
  isWorthWriting,
  type SessionPayload,
} from '../../domain/sessions/session.ts';
import {
  changeSession,
  createSession,
  deleteSession,
  killSessionId,
  readSessionByUid,
  retireSessionId,
  type SessionWrite,
  sessionReader,
} from '../../domain/sessions/session-store.ts';
import { currentUnit, type RequestUnit } from '../edge/unit.ts';

export interface SessionAdapterDeps {
  query: RunQuery;
}

const refuse = async (): Promise<never> => {
  throw new Error('sessions are neither consumed nor part of a grant');
};

/**
 * Stores browser sessions, which are merged in the database instead of overwritten. For requests only: there is always
 * a unit.
 */
export function sessionAdapter({ query }: SessionAdapterDeps): Adapter {
  const read = sessionReader(query);

  function unitOfRequest(): RequestUnit {
    const unit = currentUnit();
    if (!unit) throw new Error('session written outside of a request');
    return unit;
  }

  function write(unit: RequestUnit, cookie: string, payload: AdapterPayload, lifetime: number): SessionWrite {
    const accountId = payload.accountId === undefined ? undefined : Number(payload.accountId);
    const before = unit.session?.stored.uid === payload.uid ? unit.session?.stored.payload : undefined;
    const signedIn = accountId !== undefined && !isSameSignIn(before, payload as SessionPayload);
    return {
      cookie,
      payload: payload as SessionPayload,
      accountId,
      generation: accountId === undefined ? undefined : unit.work.generations.get(accountId),
      changes: authorizationChanges(before?.authorizations, (payload as SessionPayload).authorizations),
      place: signedIn ? unit.place?.() : undefined,
      lifetime,
    };
  }

  return {
    async find(cookie) {
      const stored = await read(cookie);
      if (!stored || !isLiveSession(stored)) return undefined;
      const unit = currentUnit();
      if (unit) {
        unit.session = { stored: structuredClone(stored), cookie };
        if (stored.accountId !== null && stored.accountGeneration !== null) {
          unit.work.generations.set(stored.accountId, stored.accountGeneration);
        }
      }
      return { ...stored.payload, jti: cookie } as AdapterPayload;
    },
    async findByUid(uid) {
      const stored = await readSessionByUid(query, uid);
      return stored && isLiveSession(stored) ? (stored.payload as AdapterPayload) : undefined;
    },
    async upsert(cookie, payload, expiresIn) {
      const unit = unitOfRequest();
      const { work } = unit;
      const before = unit.session;
      const known = before?.stored.uid === payload.uid;
      const sameId = before?.cookie === cookie;
      if (
        known &&
        sameId &&
        !isWorthWriting(before.stored.payload, payload as SessionPayload, expiresIn ?? 0)
      )
        return;
      if (!known && payload.accountId === undefined) unit.makesAnonymousSession = true;
      const change = write(unit, cookie, payload, expiresIn ?? 0);
      work.put('session', ...(known ? changeSession(change) : createSession(change)));
      if (!known || !before || sameId) return;
      // the library destroys the old id and saves the new one; here this renames the session
      const sameSignIn = isSameSignIn(before.stored.payload, payload as SessionPayload);
      work.put('session id', (sameSignIn ? retireSessionId : killSessionId)(before.cookie));
    },
    async destroy(cookie) {
      const unit = unitOfRequest();
      // if the session is saved under another id afterwards, this was the first half of a renaming
      unit.work.put('session', deleteSession(cookie));
    },
    findByUserCode: refuse,
    consume: refuse,
    revokeByGrantId: refuse,
  };
}
