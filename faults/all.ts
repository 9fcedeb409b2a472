import type { Fault } from './fault.ts';
import { backendKills, commitCuts, randomCuts } from './faults/connections.ts';
import { passwordFlood } from './faults/flood.ts';
import { smsDown, smsHung, smsSlow } from './faults/gateway.ts';
import { postgresRestart, postgresRestarts } from './faults/postgres.ts';
import { redisEmptied, redisGone, redisHung } from './faults/redis.ts';
import { rollingRestart, serverKill, serverStop } from './faults/servers.ts';
import { postgresFrozen, tablesLocked } from './faults/waiting.ts';
import { webhookDown, webhookLies, webhookSlow } from './faults/webhooks.ts';

/** Every fault, in the order in which they are run: those that leave messages waiting come first. */
export const FAULTS: readonly Fault[] = [
  serverKill,
  serverStop,
  rollingRestart,
  smsDown,
  smsSlow,
  smsHung,
  webhookDown,
  webhookSlow,
  webhookLies,
  postgresRestart,
  postgresRestarts,
  commitCuts,
  randomCuts,
  backendKills,
  postgresFrozen,
  tablesLocked,
  redisGone,
  redisEmptied,
  redisHung,
  passwordFlood,
];
