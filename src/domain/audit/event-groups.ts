import type { AuditEntry } from './audit-search.ts';

/** Consecutive events of one kind, shown as one line of a history. */
export interface EventGroup {
  event: string;
  reason: string | null;
  count: number;
  /** The times of the oldest and the newest event. */
  from: Date;
  until: Date;
  /** The number of networks that the events came from, as far as they are recorded. */
  networks: number;
  clientId: string | null;
  actor: string | null;
  /** From the newest event. */
  requestId: string | null;
  details: AuditEntry['details'];
}

/** Events further apart than this are shown separately. */
const GAP_MS = 15 * 60_000;

const isSame = (one: AuditEntry, other: AuditEntry): boolean =>
  one.event === other.event &&
  one.reason === other.reason &&
  one.clientId === other.clientId &&
  one.actor === other.actor;

function groupOf(members: readonly AuditEntry[]): EventGroup[] {
  const [newest] = members;
  const oldest = members.at(-1);
  if (!newest || !oldest) return [];
  const { event, reason, clientId, actor, requestId, details } = newest;
  const networks = new Set(members.map((entry) => entry.details.network).filter((tag) => tag !== undefined));
  return [
    {
      ...{ event, reason, clientId, actor, requestId, details },
      count: members.length,
      from: oldest.at,
      until: newest.at,
      networks: networks.size,
    },
  ];
}

/** Groups a history, newest first, by joining repeated events: "10 wrong passwords between 02:10 and 02:14". */
export function groupEvents(entries: readonly AuditEntry[]): EventGroup[] {
  const groups: AuditEntry[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1)?.at(-1);
    const goesOn = last && isSame(last, entry) && last.at.getTime() - entry.at.getTime() <= GAP_MS;
    if (goesOn) groups.at(-1)?.push(entry);
    else groups.push([entry]);
  }
  return groups.flatMap(groupOf);
}
