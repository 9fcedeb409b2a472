import type { Db } from '../../db/database.ts';
import type { Clock } from '../../lib/clock.ts';

/** A request that was refused. Contains nothing that identifies a person. */
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

/** The refused requests of the last seven days, from all processes. */
export interface RefusedRequests {
  /** Keeps a request until the next flush; discards it beyond the limit per minute. */
  note(request: NewRefusedRequest): void;
  /** Writes the noted requests. Requests that cannot be written are lost; no response depends on them. */
  flush(): Promise<void>;
  find(requestId: string): Promise<RefusedRequest | undefined>;
}

interface Deps {
  db: Db;
  clock: Clock;
  /** The number of requests that one process writes per minute, so that a flood of refusals does not fill the table. */
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
