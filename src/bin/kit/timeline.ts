import type { AuditEntry } from '../../domain/audit/audit-search.ts';
import { table } from './answer.ts';

/** Formats an event of the audit trail for `--json`. */
export const shownEvent = ({
  id,
  at,
  event,
  accountId,
  clientId,
  actor,
  requestId,
  reason,
  details,
}: AuditEntry) => ({
  id,
  at,
  event,
  account_id: accountId,
  client_id: clientId,
  actor,
  request_id: requestId,
  reason,
  details,
});

const shortDetails = (details: AuditEntry['details']): string =>
  Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');

const HEAD = ['time', 'event', 'reason', 'account', 'client', 'actor', 'request', 'details'];

/** Formats events as a table for people. */
export const timeline = (entries: readonly AuditEntry[]): string =>
  table(
    HEAD,
    entries.map(({ at, event, reason, accountId, clientId, actor, requestId, details }) => [
      at,
      event,
      reason,
      accountId,
      clientId,
      actor,
      requestId,
      shortDetails(details),
    ]),
  );
