import type { Db } from '../../db/database.ts';
import type { Statement } from '../../db/run-query.ts';
import type { LimitName, Reason } from '../../errors/reasons.ts';
import { type Actor, requestContext } from '../../lib/request-context.ts';

/** What the audit trail records; the values never change their meaning. */
export const AUDIT_EVENTS = [
  'account.created',
  'account.import_updated',
  'account.suspended',
  'account.activated',
  'account.deleted',
  'account.signed_out_everywhere',
  'account.mobile_released',
  'account.national_id_released',
  'account.password_changed',
  'account.password_reset',
  'account.signed_up',
  'account.mobile_changed',
  'account.email_changed',
  'account.email_verified',
  'account.email_disowned',
  'account.contact_confirmed',
  'account.contact_added',
  'account.contact_removed',
  'account.reset_sent',
  'account.profile_changed',
  'account.looked_up',
  'account.read',
  'account.unlocked',
  'accounts.listed',
  'binding.set',
  'binding.removed',
  'sign_in.succeeded',
  'sign_in.failed',
  'sign_in.refused',
  'second_factor.added',
  'second_factor.removed',
  'second_factor.renamed',
  'second_factor.codes_renewed',
  'second_factor.succeeded',
  'second_factor.failed',
  'second_factor.refused',
  'passkey.added',
  'passkey.removed',
  'passkey.renamed',
  'passkey.copied',
  'second_factor.recovery_requested',
  'second_factor.recovery_cancelled',
  'second_factor.recovered',
  'reauthentication.failed',
  'reauthentication.refused',
  'code.failed',
  'code.refused',
  'link.failed',
  'link.refused',
  'recovery.refused',
  'registration.refused',
  'limit.refused',
  'session.ended',
  'consent.granted',
  'consent.withdrawn',
  'exchange.succeeded',
  'exchange.refused',
  'token.exchanged',
  'token.exchange_refused',
  'tokens.revoked',
  'refresh.reused',
  'console.signed_in',
  'console.refused',
  'console.signed_out',
  'client.created',
  'client.changed',
  'client.removed',
  'client.secret_rotated',
  'client.refused',
  'operator.added',
  'operator.changed',
  'operator.removed',
  'operator.refused',
  'message.resent',
  'keys.rotated',
  'upstream.created',
  'upstream.changed',
  'upstream.removed',
  'secrets.reencrypted',
] as const;

export interface AuditEvent {
  event: (typeof AUDIT_EVENTS)[number];
  accountId?: number | undefined;
  clientId?: string | undefined;
  requestId?: string | undefined;
  /** The actor; by default the authenticated caller of the request, else the client that it came through. */
  actor?: Actor | undefined;
  /** Why it was refused; the caller is not told. */
  reason?: Reason | undefined;
  /** Facts without personal data, secrets or tokens. */
  details?: Record<string, string | number | boolean | null>;
}

/** Details of an event with the reason `locked`: by which limit, and until when (ISO 8601). */
export const lockDetails = (
  lock: { limit: LimitName; seconds: number } | undefined,
  now = Date.now(),
): Record<string, string> =>
  lock ? { limit: lock.limit, until: new Date(now + lock.seconds * 1000).toISOString() } : {};

export interface Audit {
  /** Records an event, in the caller's transaction when `db` is one. */
  record(event: AuditEvent): Promise<void>;
  /** The same for many events, in one statement. */
  recordAll(events: readonly AuditEvent[]): Promise<void>;
}

const COLUMNS = ['event', 'account_id', 'client_id', 'request_id', 'actor', 'reason', 'details'] as const;

/** An event by its columns. */
function valuesOf({ event, accountId, clientId, reason, details = {}, ...given }: AuditEvent): unknown[] {
  const context = requestContext();
  // nobody has proved yet who asks: the client did, or the server
  const unproved: Actor = clientId === undefined ? 'system' : `client:${clientId}`;
  const { requestId = context.requestId, actor = context.actor ?? unproved } = given;
  const told = context.note === undefined ? details : { ...details, note: context.note };
  const values = [event, accountId, clientId, requestId, actor, reason, JSON.stringify(told)];
  return values.map((value) => value ?? null);
}

const rowOf = (event: AuditEvent): Record<string, unknown> => {
  const values = valuesOf(event);
  return Object.fromEntries(COLUMNS.map((column, index) => [column, values[index]]));
};

/** An event as a statement, for a unit of work. */
export const auditStatement = (event: AuditEvent): Statement => ({
  text: `insert into audit (${COLUMNS.join(', ')}) values (${COLUMNS.map((_, index) => `$${index + 1}`).join(', ')})`,
  values: valuesOf(event),
});

export const audit = ({ db }: { db: Db }): Audit => ({
  async record(event) {
    await db('audit').insert(rowOf(event));
  },
  async recordAll(events) {
    if (events.length > 0) await db('audit').insert(events.map(rowOf));
  },
});
