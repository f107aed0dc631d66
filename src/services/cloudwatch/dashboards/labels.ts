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
  const differs = (part: (metric: Named) => string) => new Set(metrics.map(part)).size > 1;
  const before = [({ namespace }: Named) => namespace].filter(differs);
  const after = [
    ({ name }: Named) => name,
    ({ stat }: Named) => stat,
    ({ period }: Named) => `${period}s`,
  ].filter(differs);
  const dimensions = distinguishingDimensions(metrics);
  return metrics.map((metric) => {
    const own = metric.dimensions
      .filter(([name, value]) => dimensions.has(name) && value !== '')
      .sort(([one], [other]) => dimensions.get(one)! - dimensions.get(other)!);
    const label = [
      ...before.map((part) => part(metric)),
      ...own.map(([, value]) => value),
      ...after.map((part) => part(metric)),
    ];
    return label.length > 0 ? label.join(' ') : metric.name;
  });
}

/** The names of dimensions that not all metrics have with the same value, with their places in labels. */
function distinguishingDimensions(metrics: readonly Named[]): Map<string, number> {
  const found = new Map<string, { count: number; values: Set<string> }>();
  for (const { dimensions } of metrics) {
    // The first value counts where a name is given twice.
    for (const [name, value] of new Map(dimensions.toReversed())) {
      const of = found.get(name) ?? { count: 0, values: new Set() };
      found.set(name, of);
      of.count++;
      of.values.add(value);
    }
  }
  const names = [...new Set(metrics.flatMap(({ dimensions }) => dimensions.map(([name]) => name)))];
  const distinguishing = names.filter((name) => {
    const { count, values } = found.get(name)!;
    return values.size > 1 || count < metrics.length;
  });
  return new Map(distinguishing.map((name, place) => [name, place]));
}
