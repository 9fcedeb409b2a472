import type { Locale } from '../../domain/values/locale.ts';
import type { ClientCard, Framed } from './form.ts';
import type { Moment } from './moment.ts';

/** A request of a client that waits for the answer of the person. */
export interface ShownApproval {
  id: string;
  client: ClientCard;
  /** What the person compares with what the client shows. */
  bindingMessage: string | undefined;
  /** What it wants to do, in each language (RFC 9396). */
  details: readonly Record<Locale, string>[];
  scopes: readonly string[];
  claims: readonly string[];
  resources: readonly { identifier: string; scopes: readonly string[] }[];
  requestedAt: Moment;
  expiresAt: Moment;
}

export interface AccountApprovalsData extends Framed {
  needsRecentSignIn: boolean;
  approvals: readonly ShownApproval[];
}
