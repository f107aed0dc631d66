// The labels of metrics in a graph. Pure.

/** What a metric is called by. */
export interface Named {
  namespace: string;
  name: string;
  dimensions: readonly (readonly [name: string, value: string])[];
  stat: string;
  period: number;
}

/** AWS: a metric without a label is named by what distinguishes it in its graph, and by its name if nothing does. */
export function defaultLabels(metrics: readonly Named[]): string[] {
  const dimensionNames = [...new Set(metrics.flatMap(({ dimensions }) => dimensions.map(([name]) => name)))];
  const parts: ((metric: Named) => string)[] = [
    ({ namespace }) => namespace,
    ...dimensionNames.map((wanted) => (metric: Named) => {
      return metric.dimensions.find(([name]) => name === wanted)?.[1] ?? '';
    }),
    ({ name }) => name,
    ({ stat }) => stat,
    ({ period }) => `${period}s`,
  ];
  const distinguishing = parts.filter((part) => new Set(metrics.map(part)).size > 1);
  return metrics.map((metric) => {
    const label = distinguishing.map((part) => part(metric)).filter((text) => text !== '');
    return label.length > 0 ? label.join(' ') : metric.name;
  });
}
