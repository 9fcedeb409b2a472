import type { Config } from '../../config/config.ts';
import { limitsOf } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { explainDatabase } from '../../db/explain.ts';
import { migrationState } from '../../db/migrate.ts';
import { requireWritable } from '../../db/writable.ts';
import { type Check, fail, ok, warn } from './check.ts';
import { replicaChecks } from './replica.ts';
import { pooledLimits, sessions, settings } from './sessions.ts';

const OLDEST_VERSION = 15;
const SAMPLES = 11;
const SLOW_MS = 5;
const CLOCK_WARN_SECONDS = 2;
const CLOCK_FAIL_SECONDS = 30;

async function version({ knex }: Database): Promise<Check> {
  const { rows } = await knex.raw(`select current_setting('server_version_num')::int as number`);
  const major = Math.floor((rows[0] as { number: number }).number / 10_000);
  return major >= OLDEST_VERSION
    ? ok('database version', `PostgreSQL ${major}`)
    : fail('database version', `PostgreSQL ${major}`, `Use PostgreSQL ${OLDEST_VERSION} or newer.`);
}

async function latency({ knex }: Database): Promise<Check> {
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const start = performance.now();
    await knex.raw('select 1');
    samples.push(performance.now() - start);
  }
  const median = samples.sort((a, b) => a - b)[Math.floor(SAMPLES / 2)] ?? 0;
  const message = `${median.toFixed(1)} ms per round trip`;
  if (median <= SLOW_MS) return ok('database latency', message);
  return warn('database latency', message, 'Move the server and its database closer together.');
}

async function migrations(database: Database): Promise<Check> {
  const { applied, pending } = await migrationState(database);
  if (pending.length === 0) return ok('migrations', `${applied.length} applied, none missing`);
  const message = `missing: ${pending.join(', ')}`;
  const { rows } = await database.knex.raw(`select has_schema_privilege(current_schema(), 'create') as may`);
  if ((rows[0] as { may: boolean }).may) return fail('migrations', message, 'Run: pratu migrate');
  const mend = 'Run pratu migrate as the owner, or: grant usage, create on schema public to <role>.';
  return fail('migrations', `${message}; the role of DATABASE_URL cannot create tables`, mend);
}

/** Checks that the database accepts writes. A standby server and a read-only role only accept reads. */
async function writes(database: Database): Promise<Check> {
  const name = 'database writes';
  try {
    await requireWritable(database);
    return ok(name, 'accepted');
  } catch (error) {
    const why = explainDatabase(error);
    if (!why) throw error;
    return fail(name, `the database ${why.what} (${why.code})`, why.mend);
  }
}

/**
 * Compares the clocks. Rows are timestamped by the database, cookies and tokens by this machine, so the two must agree.
 */
async function clocks({ knex }: Database): Promise<Check> {
  const before = Date.now();
  const { rows } = await knex.raw('select extract(epoch from pratu_now())::float8 as now');
  const here = (before + Date.now()) / 2000;
  const difference = Math.abs((rows[0] as { now: number }).now - here);
  const message = `clocks of this machine and the database differ by ${difference.toFixed(1)} s`;
  const mend = 'Synchronize both clocks with NTP (chrony, systemd-timesyncd).';
  if (difference > CLOCK_FAIL_SECONDS) return fail('clock', message, mend);
  return difference > CLOCK_WARN_SECONDS ? warn('clock', message, mend) : ok('clock', message);
}

/** Checks that the pools of all workers fit, including those of a replacement worker. */
async function connections({ knex }: Database, { server, database }: Config): Promise<Check> {
  const name = 'database connections';
  const { rows } = await knex.raw(
    `select current_setting('max_connections')::int
      - current_setting('superuser_reserved_connections')::int as allowed`,
  );
  const { allowed } = rows[0] as { allowed: number };
  const processes = server.workers === 1 ? 1 : server.workers + 1;
  const needed = processes * (database.poolSize + database.recordPoolSize);
  const message = `this server may open ${needed}, PostgreSQL allows ${allowed} in total`;
  if (needed <= allowed) return ok(name, message);
  return warn(
    name,
    message,
    'Raise max_connections, or lower WORKERS, database.poolSize or database.recordPoolSize.',
  );
}

/** The checks of the database. The last ones run only when its tables exist. */
export async function databaseChecks(database: Database, config: Config): Promise<Check[]> {
  const tables = await migrations(database);
  const checks = [await version(database), await latency(database), tables, await settings(database)];
  // the embedded database has one session for any number of connections
  if (!database.embedded) checks.push(await connections(database, config), await sessions(database));
  if (database.pooled) checks.push(await pooledLimits(database, limitsOf(config.database)));
  checks.push(...(await replicaChecks(database, config.database.readMaxLagMs)));
  return tables.status === 'ok' ? [...checks, await clocks(database), await writes(database)] : checks;
}
