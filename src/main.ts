import { compose } from './compose.ts';
import { ConfigError, loadConfig } from './config/load-config.ts';
import { AppError } from './errors/app-error.ts';
import { logger } from './http/log.ts';
import { metricsServer } from './http/metrics-endpoint.ts';
import { listen } from './http/server.ts';
import { UnknownKey } from './lib/keyring.ts';
import { nextSteps } from './sample.ts';

/** Starts the server, and stops it in order at SIGTERM or SIGINT: not ready, drained, jobs ended, database closed. */
async function main(): Promise<void> {
  // a reader of the output that goes away (`| head`) must not take the server with it
  process.stdout.on('error', () => {});
  const config = await loadConfig();
  const log = logger(config.log);
  const server = await compose({ config, log });
  const web = await listen(server.app.callback(), config.server);
  const { port: metricsPort } = config.metrics;
  const scraped = metricsPort
    ? await metricsServer(server.metrics.registry, { host: config.metrics.host, port: metricsPort })
    : undefined;
  server.jobs.start();
  log.info({ port: web.port, environment: config.environment, policy: config.passwords.policy }, 'ready');
  if (config.environment !== 'production') process.stdout.write(nextSteps(config));

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    server.drain();
    await web.close(config.server.drainMs);
    await scraped?.close();
    await server.close();
    log.info('stopped');
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop(signal).then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'stopping failed');
          process.exit(1);
        },
      );
    });
  }
}

/** What kept the server from starting, in words that say what to do where we know it. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, port, cause, stack } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use by another program. Choose another one with PORT.`;
  if (error instanceof AppError && code === 'UNAVAILABLE') {
    return `The database does not answer (${(cause as Error | undefined)?.message}). Look at DATABASE_URL or DATA_DIR.`;
  }
  if (error instanceof UnknownKey) return `${error.message}. Put that key back, behind the new one.`;
  return stack ?? String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
