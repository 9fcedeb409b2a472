import { setTimeout as pause } from 'node:timers/promises';
import { Client, type ConnectionConfig } from './client.ts';
import { MigrationFailure } from './migration-failure.ts';

/**
 * An arbitrary number that only this program locks: two servers that start simultaneously migrate one after the other.
 */
const LOCK = 7_246_113;
const ASKED_EVERY_MS = 250;

/** The transaction that holds the lock. */
const HOLDER = `select a.pid, a.client_addr as address, to_char(a.xact_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as since
  from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = ${LOCK} and l.objsubid = 1`;

interface Holder {
  pid: number;
  address: string | null;
  since: string | null;
}

async function refuse(client: Client, waitMs: number): Promise<never> {
  const { rows } = await client.query<Holder>(HOLDER);
  const [holder] = rows;
  const who = holder
    ? ` It has done so since ${holder.since ?? 'an unknown time'} UTC, from ${holder.address ?? 'a local socket'}. If it is gone: select pg_terminate_backend(${holder.pid})`
    : '';
  throw new MigrationFailure(
    `Another process is migrating this database; gave up after ${Math.round(waitMs / 1000)} s.${who}`,
  );
}

/**
 * Runs `work` while no other process migrates. Throws `MigrationFailure` after `waitMs` milliseconds. The lock belongs
 * to a transaction and ends with it, even behind a pooler that keeps the session. Other processes poll for the lock: a
 * waiting statement would hold a snapshot, and the concurrent creation of an index waits for all snapshots.
 */
export async function whileNoOtherMigrates<T>(
  connection: ConnectionConfig,
  waitMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const client = new Client(connection);
  // without a listener, a connection that breaks between statements would end the process
  client.on('error', () => {});
  const tryLock = async (): Promise<boolean> => {
    await client.query('begin');
    // for this transaction only, because a pooler accepts no session settings
    await client.query('set local idle_in_transaction_session_timeout = 0');
    // without parameters: the extended protocol leaves a portal, with a snapshot, until the next statement
    const { rows } = await client.query(`select pg_try_advisory_xact_lock(${LOCK}) as locked`);
    if ((rows[0] as { locked: boolean }).locked) return true;
    await client.query('rollback');
    return false;
  };
  try {
    await client.connect();
    const until = performance.now() + waitMs;
    while (!(await tryLock())) {
      if (performance.now() > until) await refuse(client, waitMs);
      await pause(ASKED_EVERY_MS);
    }
    return await work();
  } finally {
    await client.end().catch(() => {});
  }
}
