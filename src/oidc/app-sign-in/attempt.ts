import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { AuthSession } from './auth-session.ts';

/** Who takes a step of which sign-in, and from where. */
export interface Attempt {
  session: AuthSession;
  /** Who should sign in, as the person typed it; undefined where the app did not say. */
  identifier: string | undefined;
  origin: Origin;
  clientId: string;
  requestId: string | undefined;
}
