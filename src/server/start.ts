import cluster from 'node:cluster';
import { StartFailed } from '../cluster/worker-pool.ts';
import { startingMessage, welcome } from '../compose/welcome.ts';
import { ConfigError, loadConfig } from '../config/load-config.ts';
import { databaseSentence } from '../db/explain.ts';
import { MigrationFailure } from '../db/migration-failure.ts';
import { AppError } from '../errors/app-error.ts';
import { UnreadableValue } from '../lib/keyring.ts';

/**
 * Starts one process, or a primary with its workers, which also run this function. Each loads only the modules it
 * needs.
 */
async function startProcess(): Promise<void> {
  // a reader that closes the output (`| head`) must not end the server
  process.stdout.on('error', () => {});
  const config = await loadConfig();
  if (cluster.isWorker) {
    const [{ serve }, { thisWorker }] = await Promise.all([
      import('./serve.ts'),
      import('../cluster/worker.ts'),
    ]);
    return serve(config, thisWorker());
  }
  if (config.environment !== 'production') process.stdout.write(startingMessage(config));
  if (config.server.workers === 1) await (await import('./serve.ts')).serve(config);
  else {
    // ignored until the primary has its own handler
    process.on('SIGHUP', () => {});
    await (await import('../cluster/primary.ts')).superviseWorkers(config);
  }
  if (config.environment !== 'production') process.stdout.write(welcome(config));
}

/** Explains why the server did not start, with a remedy if one is known. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StartFailed || error instanceof MigrationFailure)
    return error.message;
  const { code, port, stack } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use by another program. Choose another one with PORT.`;
  // an error of the database itself, which has a severity, contains SQL in its stack
  if ((error instanceof AppError && code === 'UNAVAILABLE') || 'severity' in (error as object)) {
    return databaseSentence(error);
  }
  if (error instanceof UnreadableValue) return error.sentence;
  return stack ?? String(error);
}

/** Starts the server. A failure is reported on standard error and ends the process with code 1. */
export async function start(): Promise<void> {
  try {
    await startProcess();
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}
