import { setTimeout as pause } from 'node:timers/promises';
import { cyclesOf, type Fault } from '../fault.ts';
import type { ClusterStage, Machine } from '../stage/cluster-stage.ts';
import type { PatroniNode } from '../stage/patroni-node.ts';
import { databaseOutage } from './database-outage.ts';

const POOLER_AWAY_MS = 1000;
const NEVER =
  'An acknowledged write that is missing, a code or token that works twice, a refusal five seconds after the database takes writes.';

const machineOf = ({ machines }: ClusterStage, node: PatroniNode): Machine =>
  machines.find((machine) => machine.node === node) as Machine;

export const postgresFailover: Fault<ClusterStage> = {
  name: 'postgres-failover',
  what: 'The machine of the primary is lost (Patroni, PostgreSQL and PgBouncer are killed), another one takes over, and it comes back.',
  never: NEVER,
  async inject(around, options) {
    const { stage } = around;
    for (let cycle = 0; cycle < cyclesOf(options); cycle += 1) {
      const lost = machineOf(stage, await stage.patroni.primary());
      await databaseOutage(around, () => lost.lose());
      await lost.again();
      await stage.patroni.whole();
    }
  },
};

export const postgresSwitchover: Fault<ClusterStage> = {
  name: 'postgres-switchover',
  what: 'The primary and the synchronous standby change places, by the REST API of Patroni.',
  never: NEVER,
  async inject(around, options) {
    const { patroni } = around.stage;
    for (let cycle = 0; cycle < cyclesOf(options); cycle += 1) {
      await databaseOutage(around, () => patroni.switchOver());
      await patroni.whole();
    }
  },
};

export const standbyLost: Fault<ClusterStage> = {
  name: 'standby-lost',
  what: 'The machine of the synchronous standby is lost, commits wait until Patroni names another one, and it comes back.',
  never: NEVER,
  async inject(around, options) {
    const { stage } = around;
    for (let cycle = 0; cycle < cyclesOf(options); cycle += 1) {
      const lost = machineOf(stage, await stage.patroni.synchronous());
      await databaseOutage(around, () => lost.lose());
      await lost.again();
      await stage.patroni.whole();
    }
  },
};

export const poolerRestart: Fault<ClusterStage> = {
  name: 'pooler-restart',
  what: 'The PgBouncer of each machine is killed and started again a second later.',
  never: NEVER,
  async inject(around, options) {
    const { machines } = around.stage;
    for (let cycle = 0; cycle < cyclesOf(options); cycle += 1) {
      await databaseOutage(around, async () => {
        await Promise.all(machines.map(({ pooler }) => pooler.kill()));
        await pause(POOLER_AWAY_MS);
        await Promise.all(machines.map(({ pooler }) => pooler.again()));
      });
    }
  },
};
