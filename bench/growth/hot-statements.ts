import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { track } from '../services/statements.ts';
import { type Duration, durationsIn } from './duration-log.ts';

/** The required settings of PostgreSQL: a JSON log in a single file, without parameter values. */
export const LOGGING = {
  logging_collector: 'on',
  log_destination: 'jsonlog',
  log_rotation_size: '0',
  log_rotation_age: '0',
  log_parameter_max_length: '0',
};

/** The use of one statement during the measured work. */
export interface StatementUse {
  text: string;
  /** The name of a prepared statement; empty for other statements. */
  name: string;
  calls: number;
  /** The 8 KiB pages that it accessed, and how many of them were not in `shared_buffers`. */
  blocks: number;
  blocksRead: number;
  /** The total execution time in milliseconds. */
  executionMs: number;
  /** The duration of each call in milliseconds, including planning. */
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

/** Reads the file line by line, from a position to the end. */
const linesFrom = (file: string, start: number): AsyncIterable<string> =>
  createInterface({ input: createReadStream(file, { start, encoding: 'utf8' }) });

/** The log is written by a separate process, slightly later. */
const LOG_DELAY_MS = 500;

const usesOf = (counted: readonly Counted[], durations: ReadonlyMap<string, Duration>): StatementUse[] =>
  counted.map(({ id, ...figures }) => {
    const { name = '', milliseconds = [] } = durations.get(id) ?? {};
    return { ...figures, name, durationsMs: milliseconds };
  });

/** Returns the statements of one database during `work`. Nothing else may use the server in the meantime. */
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
