import type { SignInState } from '../../domain/sign-in/sign-in-state.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import { randomToken } from '../../lib/ids.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { isLive, recordId } from '../../storage/record.ts';
import type { UnitOfWork } from '../../storage/unit-of-work.ts';
import { AUTH_SESSION } from '../edge/unit-of-work.ts';

/** A sign-in inside an app, between its steps. */
export interface AuthSession {
  /** The same in all its steps, and never sent: what codes and passkey challenges are bound to. */
  id: string;
  clientId: string;
  /** Of the authorization request, as the library has checked them. */
  params: Readonly<Record<string, unknown>>;
  /** Undefined until a factor is complete. */
  state?: SignInState | undefined;
  /** How the last code of this step was sent, and where to; without an address, to a contact of the account. */
  sentTo?: { channel: string; address?: string } | undefined;
  /** Epoch seconds. */
  exp: number;
}

/** How long a person may take for all the steps. */
export const AUTH_SESSION_SECONDS = 600;

const CONTEXT = 'records.auth_session';

export interface AuthSessions {
  begin(request: Pick<AuthSession, 'clientId' | 'params'>): AuthSession;
  /**
   * The sign-in behind a value; undefined for one that is used, over, or another client's, and after what ended the
   * sessions of its account.
   */
  find(work: UnitOfWork, value: string, clientId: string): Promise<AuthSession | undefined>;
  /** Keeps it for the next step: the value that stands for it from now on. */
  keep(work: UnitOfWork, session: AuthSession): string;
  /** Uses a value up, with the rest of the unit: of two requests with it, only one is committed. */
  useUp(work: UnitOfWork, value: string): void;
}

interface Deps {
  keyring: Pick<Keyring, 'seal' | 'openText'>;
  clock: Clock;
}

/**
 * Sign-ins as records of the protocol, found by a hash of their value. What they hold says who signs in, and is sealed.
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
