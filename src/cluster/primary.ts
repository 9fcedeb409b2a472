import cluster from 'node:cluster';
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { openEmbedded } from '../db/embedded.ts';
import { logger } from '../http/log.ts';
import { metricsServer } from '../http/metrics-endpoint.ts';
import { END_GRACE_MS, endInOrder } from '../lib/end-in-order.ts';
import { allNumbers } from './numbers.ts';
import { startWorker } from './worker-handle.ts';
import { workerMetrics } from './worker-metrics.ts';
import { type WorkerPool, workerPool } from './worker-pool.ts';

/**
 * Starts the workers and supervises them. A worker that exits is replaced, SIGHUP replaces them one by one, and SIGTERM
 * and SIGINT shut them down gracefully. Resolves when all workers serve. Rejects when one could not start; that worker
 * has logged the reason.
 */
export async function superviseWorkers(config: Config): Promise<void> {
  // registered first: the signal would end a process that does not handle it yet
  process.on('SIGHUP', () => void pool.renew());
  const log = logger(config.log);
  const { workers: count, drainMs } = config.server;
  // JSON would turn a metric's NaN into null
  cluster.setupPrimary({ serialization: 'advanced' });
  const { registry, deaths } = workerMetrics(() => pool.serving());
  const numbers = allNumbers(registry, () => pool.workers());
  const pool: WorkerPool = workerPool({
    count,
    log,
    endWithinMs: drainMs + END_GRACE_MS,
    onDeath: () => deaths.inc(),
    start() {
      let last: Parameters<typeof numbers.ended>[1];
      const worker = startWorker({
        env: { WORKERS: String(count) },
        scrape: () => numbers.metrics(),
        onLeaving: (told) => {
          last = told;
        },
      });
      void worker.ended.then(() => numbers.ended(worker.id, last));
      return worker;
    },
  });

  // the embedded database belongs to one process: the primary, which outlives every worker
  const embedded = config.database.url ? undefined : await openEmbedded(resolve(config.database.dataDir));
  const { host, port } = config.metrics;
  const scraped = port ? await metricsServer(numbers, { host, port }) : undefined;
  const close = async (): Promise<void> => {
    await pool.stop();
    await scraped?.close();
    await embedded?.close();
  };
  endInOrder(
    async (signal) => {
      log.info({ signal }, 'stopping');
      await close();
      log.info('stopped');
    },
    (error) => log.error({ err: error }, 'shutdown failed'),
  );

  try {
    await pool.fill();
  } catch (error) {
    await close();
    throw error;
  }
  log.info({ workers: count, pid: process.pid }, 'ready');
}
