import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import type { SingleStage } from '../stage/single-stage.ts';

const RESTARTS = 6;
const BETWEEN_RESTARTS_MS = 2500;

export const postgresRestart: Fault<SingleStage> = {
  name: 'postgres-restart',
  what: 'PostgreSQL is restarted, which cuts every connection.',
  never: 'Refusals later than five seconds after it is ready.',
  inject: ({ stage }) => stage.postgres.restart(),
};

export const postgresRestarts: Fault<SingleStage> = {
  name: 'postgres-restarts',
  what: `PostgreSQL is restarted ${RESTARTS} times, every ${BETWEEN_RESTARTS_MS / 1000} seconds.`,
  never: 'Tries of a password or a code that are used up by requests which the outage ended.',
  async inject({ stage }) {
    for (let restart = 1; restart <= RESTARTS; restart += 1) {
      if (restart > 1) await pause(BETWEEN_RESTARTS_MS);
      await stage.postgres.restart();
    }
  },
};
