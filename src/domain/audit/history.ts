import type { Db } from '../../db/database.ts';
import type { AuditEvent } from './audit.ts';

/** One event of an account's audit trail. */
export interface HistoryEntry {
  at: Date;
  event: AuditEvent['event'];
  clientId: string | null;
  details: NonNullable<AuditEvent['details']>;
}

export interface History {
  /** Returns the newest 10,000 events of an account in the audit trail, newest first. */
  of(accountId: number): Promise<HistoryEntry[]>;
}

/** Far more events than a person causes before the trail is purged. */
const MOST = 10_000;

export const history = ({ db }: { db: Db }): History => ({
  of: (accountId) =>
    db('audit')
      .where({ account_id: accountId })
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(MOST)
      .select('at', 'event', 'client_id as clientId', 'details'),
});
