import type { Locale } from '../../domain/values/locale.ts';
import type { ClientCard, Framed } from './form.ts';
import type { Moment } from './moment.ts';

/** A request of a client that awaits the person's answer. */
export interface ShownApproval {
  id: string;
  client: ClientCard;
  /** The text that the person compares with the one that the client shows. */
  bindingMessage: string | undefined;
  /** The authorization details, in each language (RFC 9396). */
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
