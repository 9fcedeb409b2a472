import { setTimeout as pause } from 'node:timers/promises';
import { startEtcd } from './etcd.ts';
import { type PatroniNode, startNode, type Timing } from './patroni-node.ts';
import type { Stops } from './stage.ts';

const NODES = 3;
/** Allows for copies of the primary on a slow machine. */
const WITHIN_MS = 300_000;
const LOOKED_EVERY_MS = 100;

interface Member {
  name: string;
  role: string;
  state: string;
  timeline?: number;
  /** The bytes behind the primary, or `unknown`. */
  lag?: number | string;
}

/** Three PostgreSQL servers under Patroni with synchronous replication. One of them at a time accepts writes. */
export interface Patroni {
  nodes: readonly PatroniNode[];
  primary(): Promise<PatroniNode>;
  /** Returns the standby for which commits wait. */
  synchronous(): Promise<PatroniNode>;
  /** Resolves when there are a primary, a synchronous standby and another standby, and both standbys stream. */
  whole(): Promise<void>;
  /** Promotes another standby, like an operator. Resolves when Patroni reports success. */
  switchOver(): Promise<void>;
}

/** Starts the cluster, and returns when all nodes stream. */
export async function startPatroni(timing: Timing, log: string, stops: Stops): Promise<Patroni> {
  const etcd = await startEtcd(log);
  stops.push(() => etcd.stop());
  const nodes: PatroniNode[] = [];
  const begin = async (name: string): Promise<void> => {
    const node = await startNode({ name, etcd: etcd.address, timing, log });
    stops.push(() => node.stop());
    nodes.push(node);
  };

  /** Returns the members according to Patroni, from the first node that responds. */
  async function members(): Promise<Member[]> {
    const answers = nodes.map(async ({ api }) => {
      const response = await fetch(`${api}/cluster`, { signal: AbortSignal.timeout(2000) });
      return ((await response.json()) as { members: Member[] }).members;
    });
    return await Promise.any(answers).catch(() => []);
  }
  /** Polls for a result, for as long as it may take on a slow machine. Throws after that. */
  async function eventually<T>(wanted: string, look: () => Promise<T | undefined>): Promise<T> {
    const deadline = performance.now() + WITHIN_MS;
    for (;;) {
      const found = await look();
      if (found) return found;
      if (performance.now() > deadline) throw new Error(`${wanted}: ${JSON.stringify(await members())}`);
      await pause(LOOKED_EVERY_MS);
    }
  }
  const withRole = (role: string): Promise<PatroniNode> =>
    eventually(`no node is ${role}`, async () => {
      const member = (await members()).find((one) => one.role === role);
      return nodes.find(({ name }) => name === member?.name);
    });
  async function isWhole(): Promise<boolean> {
    const all = await members();
    const leader = all.find(({ role }) => role === 'leader');
    const standbys = all.filter((member) => member !== leader);
    return (
      leader?.state === 'running' &&
      standbys.length === nodes.length - 1 &&
      (standbys.length === 0 || standbys.some(({ role }) => role === 'sync_standby')) &&
      standbys.every(
        ({ state, lag, timeline }) =>
          ['running', 'streaming'].includes(state) && typeof lag === 'number' && timeline === leader.timeline,
      )
    );
  }
  const whole = async (): Promise<void> => void (await eventually('the cluster is not whole', isWhole));

  // the other nodes copy the first one
  await begin('node1');
  await whole();
  for (let count = 2; count <= NODES; count += 1) await begin(`node${count}`);
  await whole();

  return {
    nodes,
    primary: () => withRole('leader'),
    synchronous: () => withRole('sync_standby'),
    whole,
    switchOver: async () =>
      void (await eventually('Patroni refuses to switch over', async () => {
        const [leader, candidate] = [await withRole('leader'), await withRole('sync_standby')];
        const response = await fetch(`${leader.api}/switchover`, {
          method: 'POST',
          body: JSON.stringify({ leader: leader.name, candidate: candidate.name }),
        });
        return response.ok;
      })),
  };
}
