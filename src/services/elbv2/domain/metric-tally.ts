// The metrics of one balancer, or of one target group of it, in one minute; and which dimensions each metric has. Pure.
// Source: "CloudWatch metrics for your Application Load Balancer".

/** A member of PutMetricData's `MetricData`, without dimensions and time. */
export type MetricDatum = { MetricName: string; Unit: 'Count' | 'Bytes' | 'Seconds' } & (
  | { StatisticValues: { SampleCount: number; Sum: number; Minimum: number; Maximum: number } }
  | { Values: number[]; Counts: number[] }
);

/** By what a metric is told apart: dimensions in AWS's order. */
export type Dimensions = 'LoadBalancer' | 'zone' | 'TargetGroup' | 'group' | 'group and zone';

const OF_BALANCER: readonly Dimensions[] = ['LoadBalancer'];
const OF_ZONES: readonly Dimensions[] = ['LoadBalancer', 'zone'];
const OF_GROUP: readonly Dimensions[] = ['TargetGroup', 'group'];
const OF_ALL: readonly Dimensions[] = ['LoadBalancer', 'zone', 'group', 'group and zone'];

/** AWS: metrics that are not told apart by everything. */
const DIMENSIONS: Record<string, readonly Dimensions[]> = {
  ClientTLSNegotiationErrorCount: OF_ZONES,
  DroppedInvalidHeaderRequestCount: OF_ZONES,
  ForwardedInvalidHeaderRequestCount: OF_ZONES,
  HTTP_Fixed_Response_Count: OF_BALANCER,
  HTTP_Redirect_Count: OF_BALANCER,
  HTTP_Redirect_Url_Limit_Exceeded_Count: OF_BALANCER,
  LambdaInternalError: OF_GROUP,
  LambdaTargetProcessedBytes: OF_BALANCER,
  LambdaUserError: OF_GROUP,
  NewConnectionCount: OF_BALANCER,
  ProcessedBytes: OF_BALANCER,
  RejectedConnectionCount: OF_ZONES,
  RequestCountPerTarget: OF_GROUP,
  RuleEvaluations: OF_BALANCER,
};

/** Whether the metric has such a series. */
export const isToldBy = (metric: string, dimensions: Dimensions): boolean =>
  (DIMENSIONS[metric] ?? OF_ALL).includes(dimensions);

/** AWS: of these, the minimum, the maximum and the average of a sample are not 1. */
const IN_BULK = new Set([
  'LambdaTargetProcessedBytes',
  'ProcessedBytes',
  'RequestCountPerTarget',
  'RuleEvaluations',
]);
const MOST_VALUES = 150;
const STEP = Math.log(1.02);
const DECIMALS = 1e6;

/** The counts of one series in one minute. */
export class MetricTally {
  readonly #sums = new Map<string, number>();
  /** Answers by their time, which is rounded to 2 %. */
  readonly #times = new Map<number, number>();

  add(metric: string, count: number): void {
    this.#sums.set(metric, (this.#sums.get(metric) ?? 0) + count);
  }

  addTimes(seconds: readonly number[]): void {
    for (const one of seconds) {
      const rounded = round(one);
      this.#times.set(rounded, (this.#times.get(rounded) ?? 0) + 1);
    }
  }

  get isEmpty(): boolean {
    return this.#sums.size === 0 && this.#times.size === 0;
  }

  data(): MetricDatum[] {
    const data = [...this.#sums].map(([metric, sum]) => summed(metric, sum));
    const times = [...this.#times];
    for (let first = 0; first < times.length; first += MOST_VALUES) {
      const some = times.slice(first, first + MOST_VALUES);
      data.push({
        ...{ MetricName: 'TargetResponseTime', Unit: 'Seconds' },
        Values: some.map(([time]) => time),
        Counts: some.map(([, count]) => count),
      });
    }
    return data;
  }
}

/** One value. */
export const single = (MetricName: string, value: number): MetricDatum => ({
  MetricName,
  Unit: MetricName.endsWith('Bytes') ? 'Bytes' : 'Count',
  StatisticValues: { SampleCount: 1, Sum: value, Minimum: value, Maximum: value },
});

const summed = (metric: string, sum: number): MetricDatum =>
  IN_BULK.has(metric) || sum === 0
    ? single(metric, sum)
    : {
        ...{ MetricName: metric, Unit: 'Count' },
        StatisticValues: { SampleCount: sum, Sum: sum, Minimum: 1, Maximum: 1 },
      };

function round(seconds: number): number {
  if (seconds <= 0) return 0;
  return Math.round(Math.exp(Math.round(Math.log(seconds) / STEP) * STEP) * DECIMALS) / DECIMALS;
}
