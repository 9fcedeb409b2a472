import { AsyncLocalStorage } from 'node:async_hooks';
import type { StoredSession } from '../../domain/sessions/session.ts';
import type { SignInPlace } from '../../domain/values/sign-in-place.ts';
import type { StoredRecord } from '../../storage/record.ts';
import type { UnitOfWork } from '../../storage/unit-of-work.ts';

/** The unit of work of one request, with the state that the protocol needs between its steps. */
export interface RequestUnit {
  work: UnitOfWork;
  /** True at the token endpoint: only there may the response to a used refresh token be repeated. */
  atTokenEndpoint: boolean;
  /** A used refresh token whose first response may be repeated. */
  repeatable?: { value: string; record: StoredRecord };
  /**
   * The id of a code's row, by that of its grant: the code from which the presented tokens come, and to which the new
   * ones belong.
   */
  codes?: Map<string, string>;
  /** A code that was used before: only the tokens issued for it are revoked (RFC 6749 §4.1.2). */
  reusedCode?: string;
  /** The session as it was read, and the cookie that identified it. */
  session?: { stored: StoredSession; cookie: string };
  /** The session that is created is anonymous. */
  makesAnonymousSession?: boolean;
  /** A proof or an assertion of the request was used before: when the library refuses it, nothing is written. */
  proofRepeated?: boolean;
  /** Returns the origin of the request, which is stored with the session on sign-in. */
  place?: () => SignInPlace;
  /** Called before a code is consumed; when it throws, the code remains unused. */
  beforeClaim?: () => Promise<void>;
  /** Returns the response when another request was first; undefined for a refusal. */
  whenLost?: () => Promise<string | undefined>;
}

const storage = new AsyncLocalStorage<RequestUnit>();

/** Returns the unit of the current request; undefined outside of requests. */
export const currentUnit = (): RequestUnit | undefined => storage.getStore();

export const runInUnit = <T>(unit: RequestUnit, work: () => Promise<T>): Promise<T> =>
  storage.run(unit, work);
