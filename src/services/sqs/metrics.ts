// Sends AWS/SQS metrics to CloudWatch: what was sent, received and deleted, and once a minute how many messages queues
// hold. Counts in memory and sends some seconds later, within bounds. A slow or missing CloudWatch costs metrics, never
// a request.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import { createBackground } from '../../control/background.ts';
import { type BatchPolicy, createBatcher } from '../../control/batcher.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Client } from '../../wire/client.ts';
import type { Mailboxes } from './mailbox.ts';
import type { Records } from './records.ts';

/** AWS: the metrics of requests (Developer Guide, "Available CloudWatch metrics for Amazon SQS"). */
export type CountedMetric =
  | 'NumberOfDeduplicatedSentMessages'
  | 'NumberOfEmptyReceives'
  | 'NumberOfMessagesDeleted'
  | 'NumberOfMessagesReceived'
  | 'NumberOfMessagesSent'
  | 'SentMessageSize';

/** Counts what requests do. */
export interface QueueMetrics {
  /** Never waits and never throws. */
  count(scope: Scope, queue: string, metric: CountedMetric, value: number): void;
  /** Begins to measure queues. */
  start(): void;
  /** Sends the rest. */
  stop(): Promise<void>;
}

/** CloudWatch, as metrics use it. */
export type CloudWatch = Client<typeof import('@aws-sdk/client-cloudwatch')>;

/** One metric of a queue in one minute. */
interface Entry {
  key: string;
  minute: number;
  name: string;
  queue: string;
  count: number;
  sum: number;
  least: number;
  most: number;
}

const POLICY: BatchPolicy = { gatherMs: 10_000, mostWaiting: 10_000, mostItems: 1_000 };
const MINUTE_MS = 60_000;
/** AWS: metrics of a queue end six hours after it was last used or held messages. */
const ACTIVE_MS = 6 * 60 * MINUTE_MS;

/** See `QueueMetrics`. Nothing is counted without CloudWatch. */
export function createQueueMetrics(options: {
  cloudwatch: CloudWatch | undefined;
  records: Records;
  mailboxes: Pick<Mailboxes, 'counts'>;
  clock: Clock;
  log: Log;
}): QueueMetrics {
  const { cloudwatch, records, mailboxes, clock, log } = options;
  /** Entries that wait to be sent; new counts are added to them. */
  const entries = new Map<string, Entry>();
  /** When each queue was last used, by its mailbox's scope and name. */
  const usedAt = new Map<string, { scope: Scope; queue: string; at: number }>();
  const background = createBackground({ log, failure: 'queues could not be measured' });
  const batcher =
    cloudwatch &&
    createBatcher<Scope, Entry>({
      ...{ what: 'metrics of queues', policy: POLICY, log, keyOf: scopeKey },
      async send(scope, batch) {
        for (const { key } of batch) entries.delete(key);
        const input = { Namespace: 'AWS/SQS', MetricData: batch.map(datumOf) };
        await cloudwatch.call('PutMetricData', input, scope);
      },
    });

  function add(scope: Scope, queue: string, name: string, value: number): void {
    if (!batcher || batcher.isOff) return;
    const minute = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
    const key = `${scopeKey(scope)}/${minute}/${name}/${queue}`;
    let entry = entries.get(key);
    if (!entry) {
      entry = { key, minute, name, queue, count: 0, sum: 0, least: value, most: value };
      if (!batcher.add(scope, [entry])) return;
      entries.set(key, entry);
    }
    entry.count++;
    entry.sum += value;
    entry.least = Math.min(entry.least, value);
    entry.most = Math.max(entry.most, value);
  }

  async function measure(): Promise<void> {
    for (const [key, { scope, queue: name, at }] of [...usedAt]) {
      if (background.isStopped) return;
      const queue = records.queues.find(scope, name);
      if (!queue || at + ACTIVE_MS <= clock.now()) usedAt.delete(key);
      if (!queue) continue;
      const { visible, delayed, inFlight } = mailboxes.counts(scope, queue);
      add(scope, name, 'ApproximateNumberOfMessagesVisible', visible);
      add(scope, name, 'ApproximateNumberOfMessagesDelayed', delayed);
      add(scope, name, 'ApproximateNumberOfMessagesNotVisible', inFlight);
      if (visible + delayed + inFlight > 0) usedAt.set(key, { scope, queue: name, at: clock.now() });
    }
  }

  return {
    count(scope, queue, metric, value) {
      if (!batcher) return;
      const { accountId, region } = scope;
      const used = { scope: { accountId, region }, queue, at: clock.now() };
      usedAt.set(`${scopeKey(scope)}/${queue}`, used);
      add(used.scope, queue, metric, value);
    },
    start() {
      if (batcher) background.repeat(measure, MINUTE_MS);
    },
    async stop() {
      await background.stop();
      await batcher?.stop();
    },
  };
}

const datumOf = ({ name, minute, queue, count, sum, least, most }: Entry) => ({
  MetricName: name,
  Unit: name === 'SentMessageSize' ? ('Bytes' as const) : ('Count' as const),
  Timestamp: new Date(minute),
  Dimensions: [{ Name: 'QueueName', Value: queue }],
  StatisticValues: { SampleCount: count, Sum: sum, Minimum: least, Maximum: most },
});
