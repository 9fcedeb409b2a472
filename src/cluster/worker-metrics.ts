import { Counter, Gauge, Registry } from 'prom-client';

/** The metrics of the primary itself: how many workers serve, and how many ended on their own. */
export function workerMetrics(serving: () => number): { registry: Registry; deaths: Counter } {
  const registry = new Registry();
  new Gauge({
    name: 'pratu_workers',
    help: 'Workers serving requests',
    registers: [registry],
    collect() {
      this.set(serving());
    },
  });
  const deaths = new Counter({
    name: 'pratu_worker_deaths_total',
    help: 'Workers that exited unexpectedly',
    registers: [registry],
  });
  return { registry, deaths };
}
