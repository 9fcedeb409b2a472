import type { SignInState } from '../../domain/sign-in/sign-in-state.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import { randomToken } from '../../lib/ids.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { isLive, recordId } from '../../storage/record.ts';
import type { UnitOfWork } from '../../storage/unit-of-work.ts';
import { AUTH_SESSION } from '../edge/unit-of-work.ts';

/** A sign-in inside an app, between its steps. */
export interface AuthSession {
  /** The same in all steps, and never sent. Codes and passkey challenges are bound to it. */
  id: string;
  clientId: string;
  /** The parameters of the authorization request, as checked by the library. */
  params: Readonly<Record<string, unknown>>;
  /** Undefined until a factor is complete. */
  state?: SignInState | undefined;
  /**
   * The channel and address of the last code of this step. Without an address, it was sent to a contact of the account.
   */
  sentTo?: { channel: string; address?: string } | undefined;
  /** Epoch seconds. */
  exp: number;
}

/** The seconds that a person may take for all the steps. */
export const AUTH_SESSION_SECONDS = 600;

const CONTEXT = 'records.auth_session';

export interface AuthSessions {
  begin(request: Pick<AuthSession, 'clientId' | 'params'>): AuthSession;
  /**
   * Returns the sign-in of a value. Undefined for one that is used, has expired or belongs to another client, and after
   * an event that ended the sessions of its account.
   */
  find(work: UnitOfWork, value: string, clientId: string): Promise<AuthSession | undefined>;
  /** Stores the sign-in for the next step and returns its new value. */
  keep(work: UnitOfWork, session: AuthSession): string;
  /** Consumes a value with the rest of the unit: of two requests with it, only one is committed. */
  useUp(work: UnitOfWork, value: string): void;
}

interface Deps {
  keyring: Pick<Keyring, 'seal' | 'openText'>;
  clock: Clock;
}

/**
 * Stores sign-ins as records of the protocol, found by a hash of their value. Their content identifies the person, and
 * is sealed.
 */
export function authSessions({ keyring, clock }: Deps): AuthSessions {
  const now = (): number => epochSeconds(clock.now());
  return {
    begin: (request) => ({ ...request, id: randomToken(128), exp: now() + AUTH_SESSION_SECONDS }),
    async find(work, value, clientId) {
      const id = recordId(AUTH_SESSION, value);
      const record = await work.read(id);
      if (!record || record.consumed !== null || !isLive(record)) return undefined;
      const sealed = Buffer.from(String(record.payload.sealed), 'base64');
      const session: AuthSession = JSON.parse(keyring.openText(CONTEXT, sealed, id));
      return session.clientId === clientId && session.exp > now() ? session : undefined;
    },
    keep(work, session) {
      const value = randomToken();
      const id = recordId(AUTH_SESSION, value);
      const sealed = keyring.seal(CONTEXT, JSON.stringify(session), id).toString('base64');
      const { clientId, state, exp } = session;
      work.insert({
        ...{ id, clientId, kind: AUTH_SESSION, payload: JSON.stringify({ sealed }) },
        accountId: state?.accountId,
        generation: state && work.generations.get(state.accountId),
        lifetime: exp - now(),
      });
      return value;
    },
    useUp: (work, value) => work.claim({ id: recordId(AUTH_SESSION, value) }),
  };
}
