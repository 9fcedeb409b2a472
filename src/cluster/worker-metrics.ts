import { Counter, Gauge, Registry } from 'prom-client';

/** The metrics of the primary itself: the number of workers that serve, and of those that exited unexpectedly. */
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
