import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { track } from '../services/statements.ts';
import { type Duration, durationsIn } from './duration-log.ts';

/** What PostgreSQL must be started with: a log of JSON lines in one file, without values of parameters. */
export const LOGGING = {
  logging_collector: 'on',
  log_destination: 'jsonlog',
  log_rotation_size: '0',
  log_rotation_age: '0',
  log_parameter_max_length: '0',
};

/** One statement, in all of the work that was counted. */
export interface StatementUse {
  text: string;
  /** Of a prepared statement; empty for one without. */
  name: string;
  calls: number;
  /** Pages of 8 KiB that it needed, and those of them that were not in `shared_buffers`. */
  blocks: number;
  blocksRead: number;
  /** Milliseconds of execution, in all. */
  executionMs: number;
  /** Milliseconds of each call, planning included. */
  durationsMs: number[];
}

interface Counted {
  id: string;
  text: string;
  calls: number;
  blocks: number;
  blocksRead: number;
  executionMs: number;
}

const COUNTED = `
  select queryid::text as id, query as text, calls::int, (shared_blks_hit + shared_blks_read)::int as blocks,
    shared_blks_read::int as "blocksRead", total_exec_time as "executionMs"
  from pg_stat_statements
  where dbid = (select oid from pg_database where datname = current_database()) and toplevel
    and query !~* '^(begin|commit|rollback|set|show|alter|create)|pg_stat_statements|pg_reload_conf'`;

async function logged(client: pg.Client, on: boolean): Promise<void> {
  await client.query(`alter system set log_min_duration_statement = ${on ? 0 : -1}`);
  await client.query('select pg_reload_conf()');
}

async function logFile(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ folder: string; file: string }>(
    `select current_setting('data_directory') as folder, pg_current_logfile('jsonlog') as file`,
  );
  return join(rows[0]?.folder ?? '', rows[0]?.file ?? '');
}

/** What the file has from there on, line by line. */
const linesFrom = (file: string, start: number): AsyncIterable<string> =>
  createInterface({ input: createReadStream(file, { start, encoding: 'utf8' }) });

/** The log has a process of its own, which writes a little later. */
const LOG_DELAY_MS = 500;

const usesOf = (counted: readonly Counted[], durations: ReadonlyMap<string, Duration>): StatementUse[] =>
  counted.map(({ id, ...figures }) => {
    const { name = '', milliseconds = [] } = durations.get(id) ?? {};
    return { ...figures, name, durationsMs: milliseconds };
  });

/** The statements of one database during `work`; nothing else may use the server meanwhile. */
export async function statementsUsed(
  databaseUrl: string,
  work: () => Promise<unknown>,
): Promise<StatementUse[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query('create extension if not exists pg_stat_statements');
    const file = await logFile(client);
    const { size } = await stat(file);
    await track(client, 'top');
    await client.query('select pg_stat_statements_reset()');
    await logged(client, true);
    await work();
    await logged(client, false);
    const { rows } = await client.query<Counted>(COUNTED);
    await pause(LOG_DELAY_MS);
    return usesOf(rows, await durationsIn(linesFrom(file, size), new URL(databaseUrl).pathname.slice(1)));
  } finally {
    await logged(client, false);
    await track(client, 'none');
    await client.end();
  }
}
