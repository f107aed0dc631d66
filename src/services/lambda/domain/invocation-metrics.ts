// Counts invocations: the AWS/Lambda metrics of one function in one minute. Pure.

/** One completed invocation. */
export interface Ran {
  durationMs: number;
  isError: boolean;
}

/** A member of PutMetricData's `MetricData`, without dimensions and time. */
export type MetricDatum = {
  MetricName: string;
  Unit: 'Count' | 'Milliseconds';
} & (
  | { StatisticValues: { SampleCount: number; Sum: number; Minimum: number; Maximum: number } }
  | { Values: number[]; Counts: number[] }
);

/** AWS: the most values in one datum. */
const MOST_VALUES = 150;
const STEP = Math.log(1.02);
const DECIMALS = 100;

/** The counts of one function in one minute. */
export class InvocationTally {
  #ran = 0;
  #errors = 0;
  #throttles = 0;
  #concurrency = 0;
  /**
   * Invocations by duration. Durations are rounded to 2 % once they are many; the exact shape matters for
   * percentiles.
   */
  #durations = new Map<number, number>();
  #isCoarse = false;

  ran({ durationMs, isError }: Ran): void {
    this.#ran += 1;
    if (isError) this.#errors += 1;
    const exact = Math.round(durationMs * DECIMALS) / DECIMALS;
    this.#addDuration(exact, 1);
    if (this.#isCoarse || this.#durations.size <= MOST_VALUES) return;
    this.#isCoarse = true;
    const known = this.#durations;
    this.#durations = new Map();
    for (const [duration, count] of known) this.#addDuration(duration, count);
  }

  #addDuration(duration: number, count: number): void {
    const kept = this.#isCoarse ? coarse(duration) : duration;
    this.#durations.set(kept, (this.#durations.get(kept) ?? 0) + count);
  }

  throttled(): void {
    this.#throttles += 1;
  }

  /** Notes how many ran at the same time. */
  concurrent(count: number): void {
    this.#concurrency = Math.max(this.#concurrency, count);
  }

  data(): MetricDatum[] {
    const tried = this.#ran + this.#throttles;
    return [
      ...(this.#ran > 0
        ? [counted('Invocations', this.#ran, this.#ran), counted('Errors', this.#errors, this.#ran)]
        : []),
      ...(tried > 0 ? [counted('Throttles', this.#throttles, tried)] : []),
      ...durationsOf([...this.#durations]),
      ...(this.#concurrency > 0 ? [single('ConcurrentExecutions', this.#concurrency)] : []),
    ];
  }
}

/** A sample per invocation: `count` ones among `all`, the rest zeros. */
const counted = (MetricName: string, count: number, all: number): MetricDatum => ({
  MetricName,
  Unit: 'Count',
  StatisticValues: {
    SampleCount: all,
    Sum: count,
    Minimum: count === all ? 1 : 0,
    Maximum: count > 0 ? 1 : 0,
  },
});

const single = (MetricName: string, value: number): MetricDatum => ({
  MetricName,
  Unit: 'Count',
  StatisticValues: { SampleCount: 1, Sum: value, Minimum: value, Maximum: value },
});

function durationsOf(durations: readonly (readonly [number, number])[]): MetricDatum[] {
  const data: MetricDatum[] = [];
  for (let first = 0; first < durations.length; first += MOST_VALUES) {
    const some = durations.slice(first, first + MOST_VALUES);
    data.push({
      MetricName: 'Duration',
      Unit: 'Milliseconds',
      Values: some.map(([duration]) => duration),
      Counts: some.map(([, count]) => count),
    });
  }
  return data;
}

function coarse(duration: number): number {
  if (duration <= 0) return 0;
  return Math.round(Math.exp(Math.round(Math.log(duration) / STEP) * STEP) * DECIMALS) / DECIMALS;
}
