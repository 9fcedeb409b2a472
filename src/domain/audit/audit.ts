import type { Db } from '../../db/database.ts';
import { type Change, oneStatement, runStatement } from '../../db/one-statement.ts';
import type { LimitName } from '../../errors/reasons.ts';
import { type Actor, requestContext } from '../../lib/request-context.ts';
import { queueing } from '../webhook-events/webhook-event.ts';
import type { AuditEvent } from './audit-event.ts';
import { webhookEventOf } from './webhook-mapping.ts';

export { AUDIT_EVENTS, type AuditEvent } from './audit-event.ts';

/** The details of an event with the reason `locked`: the limit, and the time at which it ends (ISO 8601). */
export const lockDetails = (
  lock: { limit: LimitName; seconds: number } | undefined,
  now = Date.now(),
): Record<string, string> =>
  lock ? { limit: lock.limit, until: new Date(now + lock.seconds * 1000).toISOString() } : {};

export interface Audit {
  /**
   * Records an event, in the caller's transaction if `db` is one. `parts` change other rows in the same statement
   * (`oneStatement`).
   */
  record(event: AuditEvent, parts?: readonly Change[]): Promise<void>;
  /** Records many events in the same way, in one statement. */
  recordAll(events: readonly AuditEvent[]): Promise<void>;
}

const COLUMNS = ['event', 'account_id', 'client_id', 'request_id', 'actor', 'reason', 'details'] as const;

/** The values of an event, in the order of `COLUMNS`. */
function valuesOf({ event, accountId, clientId, reason, details = {}, ...given }: AuditEvent): unknown[] {
  const context = requestContext();
  // the caller is not authenticated yet: the actor is the client, or the server
  const unproved: Actor = clientId === undefined ? 'system' : `client:${clientId}`;
  const { requestId = context.requestId, actor = context.actor ?? unproved } = given;
  const told = context.note === undefined ? details : { ...details, note: context.note };
  const values = [event, accountId, clientId, requestId, actor, reason, JSON.stringify(told)];
  return values.map((value) => value ?? null);
}

/**
 * Returns events as parts of one statement, also for a unit of work. The statement also queues them for the webhooks
 * subscribed to them: an event is delivered if and only if it is in the audit trail.
 */
export function auditParts(...events: readonly AuditEvent[]): [Change, ...Change[]] {
  const values: unknown[] = [];
  const placeholder = (value: unknown): string => `$${values.push(value)}`;
  const rows = events.map((event) => `(${valuesOf(event).map(placeholder).join(', ')})`);
  const text = `insert into audit (${COLUMNS.join(', ')}) values ${rows.join(', ')}`;
  const published = events.flatMap((event) => webhookEventOf(event) ?? []);
  return [{ text, values }, ...(published.length === 0 ? [] : [queueing(published)])];
}

export const audit = ({ db }: { db: Db }): Audit => {
  return {
    async record(event, parts = []) {
      await runStatement(db, oneStatement([...parts, ...auditParts(event)]));
    },
    async recordAll(events) {
      if (events.length > 0) await runStatement(db, oneStatement(auditParts(...events)));
    },
  };
};
