import type { Db } from '../../db/database.ts';
import type { LimitName } from '../../errors/reasons.ts';
import type { Clock } from '../../lib/clock.ts';
import type { AuditEvent } from '../audit/audit.ts';
import type { Counters } from '../rate-limits/counters.ts';

/** A limit that currently refuses requests. */
export interface ExhaustedLimit {
  limit: LimitName;
  /** The client that it refuses, for a limit of clients; otherwise null. */
  clientId: string | null;
  /** The number of accounts, clients or networks that it refuses; 1 for a limit of the whole deployment. */
  count: number;
  /** When the last of them may retry. */
  until: Date;
}

/** A limit of the whole deployment: its counters, the name of its counter and the maximum. */
export interface DeploymentLimit {
  counters: Pick<Counters, 'look'>;
  name: string;
  limit: number;
}

interface Deps {
  db: Db;
  clock: Clock;
  deployment: Readonly<Partial<Record<LimitName, DeploymentLimit>>>;
}

const OF_CLIENTS: readonly LimitName[] = ['code_client', 'searches_minute', 'searches_day'];

const REFUSALS: AuditEvent['event'][] = [
  'sign_in.refused',
  'reauthentication.refused',
  'second_factor.refused',
  'code.refused',
  'link.refused',
  'recovery.refused',
  'registration.refused',
  'limit.refused',
  'client.refused',
];

/** Counters are stored without names. Each limit that refuses a request records an audit event with its end time. */
const OF_THE_TRAIL = `
  select a.details->>'limit' as limit,
    case when a.details->>'limit' = any(:ofClients) then a.client_id end as "clientId",
    count(distinct coalesce(a.account_id::text, a.details->>'network', a.client_id, a.id::text))::int as count,
    max((a.details->>'until')::timestamptz) as until
  from audit a
  where a.event = any(:events) and a.at > pratu_now() - interval '1 day' and a.reason = 'locked'
    and (a.details->>'until')::timestamptz > pratu_now() and not a.details->>'limit' = any(:deployment)
    and not exists (
      select 1 from audit u where u.account_id = a.account_id and u.event = 'account.unlocked' and u.at > a.at)
  group by 1, 2 order by 1, 2`;

/** Every limit that currently refuses requests, those of the whole deployment first. */
export function exhaustedLimits({ db, clock, deployment }: Deps): () => Promise<ExhaustedLimit[]> {
  const named = Object.entries(deployment) as [LimitName, DeploymentLimit][];

  async function ofTheDeployment(): Promise<ExhaustedLimit[]> {
    const looked = await Promise.all(
      named.map(async ([limit, { counters, name, limit: most }]) => {
        const { taken, retryAfter } = await counters.look(name, most);
        const until = new Date(clock.now().getTime() + retryAfter * 1000);
        return taken ? [] : [{ limit, clientId: null, count: 1, until }];
      }),
    );
    return looked.flat();
  }

  return async () => {
    const [whole, { rows }] = await Promise.all([
      ofTheDeployment(),
      db.raw(OF_THE_TRAIL, {
        events: REFUSALS,
        ofClients: [...OF_CLIENTS],
        deployment: named.map(([limit]) => limit),
      }),
    ]);
    return [...whole, ...(rows as ExhaustedLimit[])];
  };
}
