import type { AuditEntry } from '../../domain/audit/audit-search.ts';
import type { EventGroup } from '../../domain/audit/event-groups.ts';
import type { ShownEvent, ShownEventGroup } from '../page-data/console-audit-data.ts';
import type { Moment, WriteMoment } from '../page-data/moment.ts';

/** The maximum length of a text, because a page shows many events. The export and the Admin API have the whole text. */
const LONGEST = 60;

const shortened = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()}…` : text;

/** The details that the sentence about an event does not contain. */
function detailsOf(details: AuditEntry['details']): { name: string; value: string }[] {
  return Object.entries(details)
    .filter(([name, value]) => value !== null && name !== 'until' && name !== 'network')
    .map(([name, value]) => ({ name, value: shortened(String(value)) }));
}

const untilOf = ({ until }: AuditEntry['details'], at: Date, written: WriteMoment): Moment | null =>
  typeof until === 'string' ? written(new Date(until), at) : null;

/** One event as shown to operators. */
export const shownEvent = (entry: AuditEntry, written: WriteMoment): ShownEvent => ({
  at: written(entry.at),
  event: entry.event,
  reason: entry.reason,
  accountId: entry.accountId,
  clientId: entry.clientId,
  actor: entry.actor,
  requestId: entry.requestId,
  lockedUntil: untilOf(entry.details, entry.at, written),
  details: detailsOf(entry.details),
});

/** Events of one kind as one line. */
export const shownGroup = (group: EventGroup, written: WriteMoment): ShownEventGroup => ({
  event: group.event,
  reason: group.reason,
  count: group.count,
  at: written(group.until),
  from: written(group.from, group.until),
  until: written(group.until, group.from),
  networks: group.networks,
  clientId: group.clientId,
  actor: group.actor,
  requestId: group.requestId,
  lockedUntil: untilOf(group.details, group.until, written),
  details: group.count === 1 ? detailsOf(group.details) : [],
});
