import { bootstrap } from '../../compose/bootstrap.ts';
import { composeDomain, type Domain } from '../../compose/domain.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { type Database, openDatabase } from '../../db/database.ts';
import { migrationState } from '../../db/migrate.ts';
import { BREACH_CHECK_BYTES, BREACH_CHECK_MS } from '../../domain/credentials/breached-passwords.ts';
import { TIMEOUT_MS } from '../../domain/webhooks/webhook.ts';
import { type Clock, systemClock } from '../../lib/clock.ts';
import { outbound } from '../../lib/outbound.ts';
import { CommandError } from './failure.ts';
import type { Terminal } from './terminal.ts';

export type Variables = Record<string, string | undefined>;

/** What a command works with: the server's own parts, without its jobs and without a port. */
export interface CommandContext {
  config: Config;
  database: Database;
  domain: Domain;
  clock: Clock;
  terminal: Terminal;
}

interface Options {
  env: Variables;
  terminal: Terminal;
  /** False for commands that must work on a database without its tables. */
  bootstrapped?: boolean;
}

/**
 * Development makes its own tables; elsewhere a missing migration is an error with its cure. So is a wrong
 * `SECRET_KEY`.
 */
async function requireTables(context: CommandContext): Promise<void> {
  const { pending } = await migrationState(context.database);
  if (pending.length === 0) {
    // throws under a wrong SECRET_KEY, before anything is sealed under that
    await context.domain.signingKeys.published();
    await context.domain.lastingDigests.load();
    return;
  }
  if (!context.config.database.migrateAtStart) {
    throw new CommandError(`The database lacks ${pending.length} migration(s). Run: pratu migrate`);
  }
  await bootstrap(context);
}

/**
 * Runs `work` on the database that the settings name, beside running servers or alone, and closes it. Throws
 * `ConfigError`, and `UNAVAILABLE` when the database does not respond.
 */
export async function inCommandContext<T>(
  { env, terminal, bootstrapped = true }: Options,
  work: (context: CommandContext) => Promise<T>,
): Promise<T> {
  const config = await loadConfig(env);
  const database = await openDatabase(config.database);
  const webhookCalls = outbound({ ...config.outbound, timeoutMs: TIMEOUT_MS });
  const ranges = outbound({
    ...config.outbound,
    timeoutMs: BREACH_CHECK_MS,
    maxBytes: BREACH_CHECK_BYTES,
  });
  try {
    const clock = systemClock;
    const domain = composeDomain({
      ...{ config, database, clock, webhookCalls },
      fetchRange: ranges.fetch,
    });
    const context = { config, database, domain, clock, terminal };
    if (bootstrapped) await requireTables(context);
    return await work(context);
  } finally {
    await webhookCalls.close();
    await ranges.close();
    await database.close();
  }
}
