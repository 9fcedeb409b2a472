import type { WorkerSide } from '../cluster/worker.ts';
import { compose } from '../compose/compose.ts';
import type { Config } from '../config/config.ts';
import { consoleToLog } from '../http/console-lines.ts';
import { logger } from '../http/log.ts';
import { isLong } from '../http/long-bodies.ts';
import { metricsServer } from '../http/metrics-endpoint.ts';
import { listen } from '../http/server.ts';
import { END_GRACE_MS, endInOrder } from '../lib/end-in-order.ts';
import { isLoopbackName } from '../lib/loopback.ts';
import { releaseHeap } from '../lib/release-heap.ts';

/** The reason for a worker to stop when it has been replaced; every other reason is a signal. */
const RETIRE = 'retire';

/**
 * Serves in this process, alone or as one of several workers, and resolves when it is ready. SIGTERM and SIGINT stop it
 * in order: it becomes not ready, drains requests, ends jobs, and closes the database.
 */
export async function serve(config: Config, worker?: WorkerSide): Promise<void> {
  const log = worker ? logger(config.log).child({ worker: worker.id }) : logger(config.log);
  consoleToLog(log);
  const server = await compose({ config, log, ...(worker ? { metricsSource: worker.metrics } : {}) });
  const { registry } = server.metrics;
  releaseHeap();
  const web = await listen(server.app.callback(), config.server, { isLong });
  const { host, port } = config.metrics;
  // with several workers, the primary process serves this port
  const scraped = port && !worker ? await metricsServer(registry, { host, port }) : undefined;
  server.jobs.start();
  if (config.environment !== 'production' && !isLoopbackName(config.server.host))
    log.warn(
      { host: config.server.host },
      'development mode accepts connections from other machines: anyone who can reach the port has full access',
    );
  log.info({ port: web.port, environment: config.environment, policy: config.passwords.policy }, 'ready');

  const end = endInOrder(
    async (reason) => {
      log.info(reason === RETIRE ? { reason } : { signal: reason }, 'stopping');
      server.drain();
      // other workers already accept connections, so there is time for a request that is arriving on an idle connection
      await web.close(config.server.drainMs, { keepIdle: reason === RETIRE });
      await scraped?.close();
      await server.close();
      log.info('stopped');
      await worker?.leave();
    },
    (error) => log.error({ err: error }, 'shutdown failed'),
    { withinMs: config.server.drainMs + END_GRACE_MS },
  );
  worker?.ready(registry, () => end(RETIRE));
}
