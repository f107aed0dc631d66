// Dynamic labels of metrics. Pure.

const PROPERTY = /\$\{(AVG|DATAPOINT_COUNT|FIRST|LAST|MAX|MIN|SUM)\}/g;

const STATISTICS: Record<string, (values: readonly number[]) => number | undefined> = {
  AVG: (values) => (values.length === 0 ? undefined : sum(values) / values.length),
  DATAPOINT_COUNT: (values) => values.length,
  FIRST: (values) => values[0],
  LAST: (values) => values.at(-1),
  MAX: (values) => extreme(values, (a, b) => a > b),
  MIN: (values) => extreme(values, (a, b) => a < b),
  SUM: (values) => (values.length === 0 ? undefined : sum(values)),
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const extreme = (values: readonly number[], isBetter: (a: number, b: number) => boolean) =>
  values.length === 0 ? undefined : values.reduce((best, value) => (isBetter(value, best) ? value : best));

/**
 * AWS: `${MAX}` and the like in a label stand for a number of the values shown. Others, such as `${PROP(…)}`, stay as they
 * are. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
 */
export const dynamicLabel = (label: string, values: readonly number[]): string =>
  label.replace(PROPERTY, (_, name: string) => {
    const value = STATISTICS[name]!(values);
    return value === undefined ? '-' : String(Number(value.toPrecision(6)));
  });
