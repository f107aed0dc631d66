// Sends what metric filters count to CloudWatch. Filters run after the events were accepted, in small steps and with
// a bounded queue: a slow or absent CloudWatch costs metrics, never a log event.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import { type BatchPolicy, createBatcher } from '../../control/batcher.ts';
import type { Log } from '../../kernel/log.ts';
import { turnEnd } from '../../kernel/turn.ts';
import type { Client } from '../../wire/client.ts';
import { parseFilterPattern, valueAt } from './filter-pattern.ts';
import { type MetricFilterRecord, type Records, within } from './records.ts';

/** Counts stored events with the metric filters of their log group. */
export interface FilterMetrics {
  /** Queues the events and returns immediately. Never throws. */
  appended(scope: Scope, group: string, events: readonly Appended[]): void;
  /** Sends what is still queued. */
  stop(): Promise<void>;
}

interface Appended {
  /** Milliseconds since the epoch. */
  at: number;
  message: string;
}

type CloudWatchClient = Client<typeof import('@aws-sdk/client-cloudwatch')>;
type Dimensions = { Name: string; Value: string }[];

/** A log group. */
interface Group {
  scope: Scope;
  name: string;
}

/** What one filter counted within one minute, for one set of dimensions. */
interface Tally {
  minute: number;
  dimensions: Dimensions;
  sum: number;
  samples: number;
  least: number;
  most: number;
}

const MINUTE_MS = 60_000;
/** Queued events are counted without delay. */
const POLICY: BatchPolicy = { gatherMs: 0, mostWaiting: 100_000, mostItems: 10_000 };
/** AWS: the maximum of one PutMetricData call. */
const MOST_DATA = 1_000;

/** Counts nothing without a client of CloudWatch. */
export function createFilterMetrics(options: {
  records: Pick<Records, 'filters'>;
  /** Receives the metrics. Without it, nothing is counted. */
  cloudwatch: CloudWatchClient | undefined;
  log: Log;
}): FilterMetrics {
  const { records, cloudwatch, log } = options;
  const batcher =
    cloudwatch &&
    createBatcher<Group, Appended>({
      ...{ what: 'events for metric filters', policy: POLICY, log },
      keyOf: ({ scope, name }) => `${scopeKey(scope)} ${name}`,
      send: (group, events) => publish(cloudwatch, group, events),
    });

  async function publish(cloudwatch: CloudWatchClient, { scope, name }: Group, events: readonly Appended[]) {
    for (const filter of records.filters.list(scope, { prefix: within(name) })) {
      const data = (await tallied(filter, events)).map((tally) => datumOf(filter, tally));
      for (let first = 0; first < data.length; first += MOST_DATA) {
        const MetricData = data.slice(first, first + MOST_DATA);
        await cloudwatch.call('PutMetricData', { Namespace: filter.metric.namespace, MetricData }, scope);
      }
    }
  }

  return {
    appended(scope, name, events) {
      if (!batcher || records.filters.count(scope, within(name)) === 0) return;
      batcher.add({ scope, name }, events);
    },
    stop: async () => batcher?.stop(),
  };
}

function datumOf({ metric }: MetricFilterRecord, tally: Tally) {
  const { minute, dimensions, samples, sum, least, most } = tally;
  return {
    MetricName: metric.name,
    Timestamp: new Date(minute),
    Dimensions: dimensions,
    StatisticValues: { SampleCount: samples, Sum: sum, Minimum: least, Maximum: most },
    ...(metric.unit !== undefined && { Unit: metric.unit as 'Count' }),
  };
}

async function tallied(
  { pattern, metric }: MetricFilterRecord,
  events: readonly Appended[],
): Promise<Tally[]> {
  const { matches } = parseFilterPattern(pattern);
  const tallies = new Map<string, Tally>();
  const quiet = new Set<number>();
  for (const { at, message } of events) {
    await turnEnd();
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const value = matches(message) ? numberIn(metric.value, message) : undefined;
    if (value === undefined) quiet.add(minute);
    else count(tallies, minute, dimensionsOf(metric, message), value);
  }
  const busy = new Set([...tallies.values()].map(({ minute }) => minute));
  const { defaultValue } = metric;
  if (defaultValue !== undefined) {
    for (const minute of quiet) if (!busy.has(minute)) count(tallies, minute, [], defaultValue);
  }
  return [...tallies.values()];
}

function count(tallies: Map<string, Tally>, minute: number, dimensions: Dimensions, value: number): void {
  const key = JSON.stringify([minute, dimensions]);
  const tally = tallies.get(key) ?? { minute, dimensions, sum: 0, samples: 0, least: value, most: value };
  tally.sum += value;
  tally.samples += 1;
  tally.least = Math.min(tally.least, value);
  tally.most = Math.max(tally.most, value);
  tallies.set(key, tally);
}

/** The number itself, or the number in the message that the selector finds. */
function numberIn(text: string, message: string): number | undefined {
  const found = text.startsWith('$') ? valueAt(message, text) : text;
  const value = found === undefined || found === '' ? Number.NaN : Number(found);
  return Number.isFinite(value) ? value : undefined;
}

/** AWS: if the event lacks one of the dimensions, it is counted without dimensions. */
function dimensionsOf({ dimensions = {} }: MetricFilterRecord['metric'], message: string): Dimensions {
  const found = Object.entries(dimensions).map(([Name, selector]) => ({
    Name,
    Value: valueAt(message, selector),
  }));
  return found.every((one): one is Dimensions[number] => Boolean(one.Value)) ? found : [];
}
