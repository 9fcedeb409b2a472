import type { ServedMetric } from './served-metrics.ts';

/** The labels that Prometheus and its scraper add to every series. */
const ADDED = ['job', 'instance'];
const NAME = /\b(?:pratu|nodejs|process)_\w+/g;
const SELECTOR = /\b((?:pratu|nodejs|process)_\w+)\{([^}]*)\}/g;
const HISTOGRAM_SUFFIX = /_(bucket|sum|count)$/;

/** The name of the metric that a series belongs to. */
const metricOf = (series: string, served: readonly ServedMetric[]): ServedMetric | undefined =>
  served.find(({ name }) => name === series) ??
  served.find(({ name, type }) => type === 'histogram' && name === series.replace(HISTOGRAM_SUFFIX, ''));

/** The names in an expression that no server has: metrics, and labels that their metrics do not have. */
export function unknownIn(expression: string, served: readonly ServedMetric[]): string[] {
  const series = [...expression.matchAll(NAME)].map(([name]) => name);
  const metrics = series.map((name) => metricOf(name, served));
  const missing = series.filter((_name, index) => !metrics[index]);
  const labels = [...expression.matchAll(SELECTOR)].flatMap(([, name = '', matchers = '']) => {
    const known = [...(metricOf(name, served)?.labels ?? []), ...ADDED, 'le'];
    return [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)]
      .map(([, label = '']) => label)
      .filter((label) => !known.includes(label))
      .map((label) => `${name}{${label}}`);
  });
  const all = [...metrics.flatMap((metric) => metric?.labels ?? []), ...ADDED, 'le'];
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)]
    .flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
    .filter((label) => !all.includes(label));
  return [...missing, ...labels, ...grouped];
}
