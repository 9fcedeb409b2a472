import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Fault } from '../fault.ts';
import { LIMIT_MS, sender } from '../send.ts';
import type { Server } from '../stage/servers.ts';
import type { SingleStage } from '../stage/single-stage.ts';
import type { Tally } from '../tally.ts';

const FROZEN_MS = 8000;
/** The time for probes to notice. */
const NOTICED_MS = 2500;
const LOCKED_MS = 6000;
const MIB = 2 ** 20;
const MORE_MEMORY_MIB = 256;

/** Returns the resident memory of a server process in MiB, or 0 where the system does not report it. */
async function memoryOf(server: Server): Promise<number> {
  const status = await readFile(`/proc/${server.pid()}/statm`, 'utf8').catch(() => '');
  const PAGE_BYTES = 4096;
  return (Number(status.split(' ')[1] ?? 0) * PAGE_BYTES) / MIB;
}

async function expectStatus(tally: Tally, server: Server, path: string, expected: number): Promise<void> {
  const { send, close } = sender();
  const answer = await send(server.url, { path, method: 'GET', headers: {} });
  close();
  const status = typeof answer === 'string' ? answer : answer.status;
  if (status !== expected) tally.lost.push(`${path} said ${status} in place of ${expected}`);
}

export const postgresFrozen: Fault<SingleStage> = {
  name: 'postgres-frozen',
  unheard: true,
  what: `PostgreSQL's processes are stopped where they are (SIGSTOP) for ${FROZEN_MS / 1000} seconds: connections stay and nothing answers.`,
  never:
    'A request that waits longer than three seconds, memory that grows with them; `/ready` says no and `/live` yes.',
  async inject({ stage, tally }) {
    const before = await Promise.all(stage.servers.map(memoryOf));
    await stage.postgres.freeze();
    try {
      await pause(NOTICED_MS);
      for (const server of stage.servers) {
        await expectStatus(tally, server, '/ready', 503);
        await expectStatus(tally, server, '/live', 200);
      }
      await pause(FROZEN_MS - NOTICED_MS);
      const after = await Promise.all(stage.servers.map(memoryOf));
      for (const [index, mib] of after.entries()) {
        const more = mib - (before[index] ?? 0);
        tally.notes.push(`memory of server ${index + 1}: ${mib.toFixed(0)} MiB, ${more.toFixed(0)} more`);
        if (more > MORE_MEMORY_MIB) tally.lost.push(`a server took ${more.toFixed(0)} MiB more memory`);
      }
    } finally {
      await stage.postgres.thaw();
    }
  },
};

/** Locks all tables that requests write to. */
const LOCK = 'lock table records, counters, accounts, one_time_codes, outbox in access exclusive mode';

export const tablesLocked: Fault<SingleStage> = {
  name: 'tables-locked',
  what: `A transaction holds locks on the tables that requests need for ${LOCKED_MS / 1000} seconds, so that every connection of the pools waits.`,
  never: `A request that waits longer than ${LIMIT_MS / 1000} seconds.`,
  async inject({ stage }) {
    const client = new pg.Client(stage.databaseUrl);
    await client.connect();
    try {
      await client.query('begin');
      await client.query(LOCK);
      await pause(LOCKED_MS);
      await client.query('rollback');
    } finally {
      await client.end();
    }
  },
};
