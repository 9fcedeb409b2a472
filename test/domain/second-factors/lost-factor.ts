import { randomInt } from 'node:crypto';
import type { NewContact } from '../../../src/domain/contacts/contacts.ts';
import type { Origin } from '../../../src/domain/known-origins/known-origins.ts';
import { moveClock } from '../../support/clock.ts';
import { readyDomain } from '../../support/domain.ts';
import { type EnrolledApp, enrolApp } from '../../support/totp.ts';
import type { EmptyDomain } from '../empty-domain.ts';

export const PASSWORD = 'tall-green-mountain-7';
export const HOUR = 3600;
const CONTACTS: NewContact[] = [
  { kind: 'email', value: 'owner@example.com', verified: true },
  { kind: 'email', value: 'second@example.com', verified: true },
  { kind: 'email', value: 'unverified@example.com', verified: false },
  { kind: 'mobile', value: '+66812345678', verified: true },
];
/** The contacts that are notified, in this order. */
export const TOLD = ['+66812345678', 'owner@example.com', 'second@example.com'];

/** An account in empty tables with a second factor that its owner reports as lost. */
export async function lostFactor(domain: EmptyDomain) {
  const { id } = await domain.lifecycle.create({ password: PASSWORD, contacts: CONTACTS });
  const app: EnrolledApp = await enrolApp(domain, id);
  const { knex } = domain.database;

  const queued = async (kind: string): Promise<{ to: string; text: string }[]> => {
    const rows = await knex('outbox').where({ account_id: id, kind }).select('id');
    const ids = new Set(rows.map((row) => row.id));
    return (await domain.outbox.list({ limit: 200 })).filter((message) => ids.has(message.id));
  };

  return {
    id,
    app,
    queued,
    begin: () => domain.secondFactorRecoveries.begin(id),
    /** Returns whether it removed the second factors. */
    finish: async (): Promise<boolean> => (await domain.secondFactorRecoveries.finish(id)) !== undefined,
    found: () => domain.secondFactorRecoveries.find(id),
    isEnrolled: () => domain.secondFactors.isEnrolled(id),
    verify: (code: string, origin: Origin = { address: `10.${randomInt(256)}.${randomInt(256)}.1` }) =>
      domain.secondFactors.verify(id, code, { origin, clientId: undefined }),
    /** The recipients of the messages of a kind, sorted. */
    toldOf: async (kind: string): Promise<string[]> => (await queued(kind)).map(({ to }) => to).sort(),
    /** The audit events of the recovery, oldest first. */
    events: async (): Promise<string[]> =>
      (await knex('audit').where({ account_id: id }).orderBy('id').select('event'))
        .map(({ event }) => event)
        .filter((event) => event.startsWith('second_factor.rec')),
  };
}

export type LostFactor = Awaited<ReturnType<typeof lostFactor>>;

export const later = ({ database }: Pick<EmptyDomain, 'database'>, hours: number): Promise<void> =>
  moveClock(database, hours * HOUR);

/** Another process. It shares the database and nothing in memory. */
export const elsewhere = (domain: EmptyDomain, recoveryDelayHours?: number) => {
  const { config, database } = domain;
  const secondFactor = {
    ...config.secondFactor,
    ...(recoveryDelayHours === undefined ? {} : { recoveryDelayHours }),
  };
  return readyDomain({ config: { ...config, secondFactor }, database });
};
