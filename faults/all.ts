import type { Fault } from './fault.ts';
import { backendKills, commitCuts, randomCuts } from './faults/connections.ts';
import { poolerRestart, postgresFailover, postgresSwitchover, standbyLost } from './faults/failover.ts';
import { passwordFlood } from './faults/flood.ts';
import { smsDown, smsHung, smsSlow } from './faults/gateway.ts';
import { postgresRestart, postgresRestarts } from './faults/postgres.ts';
import { redisEmptied, redisGone, redisHung } from './faults/redis.ts';
import { redisFailover } from './faults/sentinel.ts';
import { rollingRestart, serverKill, serverStop } from './faults/servers.ts';
import { postgresFrozen, tablesLocked } from './faults/waiting.ts';
import { webhookDown, webhookLies, webhookSlow } from './faults/webhooks.ts';
import type { ClusterStage } from './stage/cluster-stage.ts';
import type { SingleStage } from './stage/single-stage.ts';

/** The faults of single services, in running order. Those that leave messages in the queue come first. */
export const SINGLE_FAULTS: readonly Fault<SingleStage>[] = [
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

/** The faults of services with standbys. */
export const CLUSTER_FAULTS: readonly Fault<ClusterStage>[] = [
  postgresFailover,
  postgresSwitchover,
  standbyLost,
  poolerRestart,
  redisFailover,
];

export const FAULTS: readonly Fault[] = [...SINGLE_FAULTS, ...CLUSTER_FAULTS];
