import type { Db } from '../../db/database.ts';
import type { Clock } from '../../lib/clock.ts';

/** A request that was refused. Nothing of it says who the caller is. */
export interface RefusedRequest {
  requestId: string;
  at: Date;
  method: string;
  /** The pattern of the route. */
  route: string;
  status: number;
  /** A code of the catalogue, or an OAuth error. */
  error: string | null;
  reason: string | null;
  clientId: string | null;
}

export type NewRefusedRequest = Omit<RefusedRequest, 'at'>;

/** Refused requests of the last seven days, of all processes. */
export interface RefusedRequests {
  /** Remembers one until the next flush; past the limit of a minute it is forgotten. */
  note(request: NewRefusedRequest): void;
  /** Writes what was noted; what cannot be written is lost, as it is in no answer. */
  flush(): Promise<void>;
  find(requestId: string): Promise<RefusedRequest | undefined>;
}

interface Deps {
  db: Db;
  clock: Clock;
  /** How many one process writes in a minute, so that a flood of refusals fills no table. */
  perMinute: number;
}

const MINUTE_MS = 60_000;

export function refusedRequests({ db, clock, perMinute }: Deps): RefusedRequests {
  let noted: NewRefusedRequest[] = [];
  let minute = 0;
  let taken = 0;
  return {
    note(request) {
      const now = Math.floor(clock.now().getTime() / MINUTE_MS);
      if (now !== minute) [minute, taken] = [now, 0];
      if (taken >= perMinute) return;
      taken += 1;
      noted.push(request);
    },
    async flush() {
      if (noted.length === 0) return;
      const rows = noted;
      noted = [];
      await db('refused_requests')
        .insert(
          rows.map((row) => ({
            request_id: row.requestId,
            method: row.method,
            route: row.route,
            status: row.status,
            error: row.error,
            reason: row.reason,
            client_id: row.clientId,
          })),
        )
        .onConflict('request_id')
        .ignore();
    },
    find: (requestId) =>
      db('refused_requests')
        .where({ request_id: requestId })
        .first(
          'request_id as requestId',
          'at',
          'method',
          'route',
          'status',
          'error',
          'reason',
          'client_id as clientId',
        ),
  };
}
