import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { AuthSession } from './auth-session.ts';

/** An attempt at a step of a sign-in, with its origin. */
export interface Attempt {
  session: AuthSession;
  /** The identifier of the person, as typed; undefined if the app did not send one. */
  identifier: string | undefined;
  origin: Origin;
  clientId: string;
  requestId: string | undefined;
}
