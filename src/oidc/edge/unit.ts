import { AsyncLocalStorage } from 'node:async_hooks';
import type { StoredSession } from '../../domain/sessions/session.ts';
import type { SignInPlace } from '../../domain/values/sign-in-place.ts';
import type { StoredRecord } from '../../storage/record.ts';
import type { UnitOfWork } from '../../storage/unit-of-work.ts';

/** The unit of work of one request, with what the protocol needs to know between its steps. */
export interface RequestUnit {
  work: UnitOfWork;
  /** True at the token endpoint: only there may a used refresh token be answered once more. */
  atTokenEndpoint: boolean;
  /** A used refresh token whose first answer may be given again. */
  repeatable?: { value: string; record: StoredRecord };
  /** Rows of codes by those of grants: where the tokens come from that this request was sent, and those it gets. */
  codes?: Map<string, string>;
  /** A code that was used before: what was issued for it is revoked (RFC 6749 §4.1.2), and nothing else. */
  reusedCode?: string;
  /** The session as it was read, and the cookie that named it. */
  session?: { stored: StoredSession; cookie: string };
  /** The session that is created is anonymous. */
  makesAnonymousSession?: boolean;
  /** A proof or an assertion of the request was used before: when the library refuses it, nothing is written. */
  proofRepeated?: boolean;
  /** Origin of the request; stored with the session when it signs in. */
  place?: () => SignInPlace;
  /** Asked before a code is used up; what it throws leaves the code as it is. */
  beforeClaim?: () => Promise<void>;
  /** What to answer when another request was first; undefined refuses. */
  whenLost?: () => Promise<string | undefined>;
}

const storage = new AsyncLocalStorage<RequestUnit>();

/** The unit of the request that this code runs for; undefined outside of requests. */
export const currentUnit = (): RequestUnit | undefined => storage.getStore();

export const runInUnit = <T>(unit: RequestUnit, work: () => Promise<T>): Promise<T> =>
  storage.run(unit, work);
