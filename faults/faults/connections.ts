import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import type { SingleStage } from '../stage/single-stage.ts';
import type { Cut } from '../stage/wire.ts';

const CUTTING_MS = 10_000;
const KILL_EVERY_MS = 200;

const wireFault = (
  name: string,
  moments: readonly Cut[],
  share: number,
  what: string,
): Fault<SingleStage> => ({
  name,
  what: `Between one server and PostgreSQL, ${what}, for ${CUTTING_MS / 1000} seconds.`,
  never: 'A code or refresh token that is used up and gave nothing, a message of what was never committed.',
  async inject({ stage, tally }) {
    const { wire } = stage;
    const cuts = wire.cuts;
    wire.fray(moments, share);
    await pause(CUTTING_MS);
    wire.mend();
    tally.notes.push(`${wire.cuts - cuts} connections were cut`);
    if (wire.cuts === cuts) tally.lost.push('no connection was cut: the fault was none');
  },
});

export const commitCuts = wireFault(
  'commit-cuts',
  ['before', 'after'],
  0.2,
  'every fifth connection that commits breaks: before the commit arrives, or after it and before its answer',
);

export const randomCuts = wireFault(
  'random-cuts',
  ['any'],
  0.03,
  'three of a hundred packets break their connection',
);

export const backendKills: Fault<SingleStage> = {
  name: 'backend-kills',
  what: `Every connection of both servers is ended by pg_terminate_backend every ${KILL_EVERY_MS} ms, for ${CUTTING_MS / 1000} seconds.`,
  never: 'Tries of a password or a code that are used up by requests which the outage ended.',
  async inject({ stage }) {
    const end = performance.now() + CUTTING_MS;
    while (performance.now() < end) {
      await stage.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pratu'`,
      );
      await pause(KILL_EVERY_MS);
    }
  },
};
