import type { Db } from '../../db/database.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { SigningKeys } from '../signing-keys/signing-keys.ts';
import type { ExhaustedLimit } from './exhausted-limits.ts';

export interface Overview {
  /** Sign-ins of the last hour and day, by outcome. */
  signIns: { outcome: string; hour: number; day: number }[];
  /** Codes of the last day. */
  codes: { channel: 'sms'; sent: number; used: number }[];
  outbox: { waiting: number; oldestSeconds: number; dropped: number };
  /** Limits that currently refuse requests. */
  limits: ExhaustedLimit[];
  keys: { kid: string; state: string; ageDays: number }[];
}

interface Deps {
  db: Db;
  outbox: Pick<Outbox, 'stats'>;
  signingKeys: Pick<SigningKeys, 'list'>;
  now: () => Date;
  exhaustedLimits: () => Promise<ExhaustedLimit[]>;
}

const DAY_MS = 86_400_000;
const SIGN_INS = {
  'sign_in.succeeded': 'succeeded',
  'sign_in.failed': 'failed',
  'sign_in.refused': 'refused',
};

/** The state of the deployment at a glance. */
export function overview({ db, outbox, signingKeys, now, exhaustedLimits }: Deps): () => Promise<Overview> {
  async function signIns(): Promise<Overview['signIns']> {
    const { rows } = await db.raw(
      `select event, count(*)::int as day, (count(*) filter (where at > pratu_now() - interval '1 hour'))::int as hour
       from audit where event = any(?) and at > pratu_now() - interval '1 day' group by event`,
      [Object.keys(SIGN_INS)],
    );
    const counted = rows as { event: string; hour: number; day: number }[];
    return Object.entries(SIGN_INS).map(([event, outcome]) => {
      const { hour = 0, day = 0 } = counted.find((row) => row.event === event) ?? {};
      return { outcome, hour, day };
    });
  }

  async function codes(): Promise<Overview['codes']> {
    // codes sent by mail have no prefix
    const row = await db('one_time_codes')
      .whereNotNull('prefix')
      .whereRaw(`created_at > pratu_now() - interval '1 day'`)
      .first(db.raw('count(*)::int as sent'), db.raw('count(used_at)::int as used'));
    const { sent, used } = row as unknown as { sent: number; used: number };
    return [{ channel: 'sms', sent, used }];
  }

  async function dropped(): Promise<number> {
    const row = await db('outbox')
      .whereRaw(`created_at > pratu_now() - interval '1 day' and dropped_at is not null`)
      .first(db.raw('count(*)::int as dropped'));
    return (row as unknown as { dropped: number }).dropped;
  }

  return async () => {
    const [signed, sent, stats, droppedMessages, limited, keys] = await Promise.all([
      signIns(),
      codes(),
      outbox.stats(),
      dropped(),
      exhaustedLimits(),
      signingKeys.list(),
    ]);
    return {
      signIns: signed,
      codes: sent,
      outbox: { ...stats, dropped: droppedMessages },
      limits: limited,
      keys: keys.map(({ kid, state, createdAt }) => ({
        kid,
        state,
        ageDays: Math.floor((now().getTime() - createdAt.getTime()) / DAY_MS),
      })),
    };
  };
}
