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

/** The parts that a command works with: those of the server, without its jobs and without a listening port. */
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
  /** False for commands that must work on a database without tables. */
  bootstrapped?: boolean;
}

/**
 * Creates missing tables in development. Elsewhere, a missing migration is an error whose message names the command to
 * run. A wrong `SECRET_KEY` is an error too.
 */
async function requireTables(context: CommandContext): Promise<void> {
  const { pending } = await migrationState(context.database);
  if (pending.length === 0) {
    // throws for a wrong SECRET_KEY, before anything is encrypted with it
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
 * Runs `work` on the configured database, with or without running servers, and closes the database. Throws
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
