import { workerMetrics } from '../../src/cluster/worker-metrics.ts';
import { metrics } from '../../src/http/metrics.ts';

export interface ServedMetric {
  name: string;
  type: string;
  labels: string[];
}

/** Every metric that a server can have, including those of the primary of several workers. */
export async function servedMetrics(): Promise<ServedMetric[]> {
  const registries = [metrics({ version: '1.2.3' }).registry, workerMetrics(() => 1).registry];
  const all = registries.map(async (registry) =>
    (await registry.getMetricsAsJSON()).map(({ name, type }) => {
      const { labelNames } = registry.getSingleMetric(name) as unknown as { labelNames: string[] };
      return { name, type: String(type), labels: [...labelNames] };
    }),
  );
  return (await Promise.all(all)).flat();
}
