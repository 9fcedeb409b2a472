import { compose } from './compose.ts';
import { ConfigError, loadConfig } from './config/load-config.ts';
import { logger } from './http/log.ts';
import { metricsServer } from './http/metrics-endpoint.ts';
import { listen } from './http/server.ts';
import { nextSteps } from './sample.ts';

/** Starts the server, and stops it in order at SIGTERM or SIGINT: not ready, drained, jobs ended, database closed. */
async function main(): Promise<void> {
  const config = await loadConfig();
  const log = logger(config.log);
  const server = await compose({ config, log });
  const web = await listen(server.app.callback(), config.server);
  const { port: metricsPort } = config.metrics;
  const scraped = metricsPort
    ? await metricsServer(server.metrics.registry, { host: config.server.host, port: metricsPort })
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

main().catch((error: unknown) => {
  const words = error instanceof ConfigError ? error.message : String((error as Error)?.stack ?? error);
  process.stderr.write(`${words}\n`);
  process.exit(1);
});
