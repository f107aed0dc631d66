// Sends AWS/SQS metrics to CloudWatch: what was sent, received and deleted, and once a minute how many messages queues
// hold. Counts in memory and sends some seconds later, within bounds. A slow or missing CloudWatch costs metrics, never
// a request.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import { createBackground } from '../../control/background.ts';
import { createMinuteStatistics, type MinuteDatum } from '../../control/minute-statistics.ts';
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
  /** When each queue was last used, by its mailbox's scope and name. */
  const usedAt = new Map<string, { scope: Scope; queue: string; at: number }>();
  const background = createBackground({ log, failure: 'queues could not be measured' });
  const statistics =
    cloudwatch &&
    createMinuteStatistics({
      ...{ what: 'metrics of queues', clock, log },
      async send(scope, data) {
        const input = { Namespace: 'AWS/SQS', MetricData: data.map(datumOf) };
        await cloudwatch.call('PutMetricData', input, scope);
      },
    });
  const add = (scope: Scope, queue: string, name: string, value: number) =>
    statistics?.add(scope, name, [queue], value);

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
      if (!statistics) return;
      const { accountId, region } = scope;
      const used = { scope: { accountId, region }, queue, at: clock.now() };
      usedAt.set(`${scopeKey(scope)}/${queue}`, used);
      add(used.scope, queue, metric, value);
    },
    start() {
      if (statistics) background.repeat(measure, MINUTE_MS);
    },
    async stop() {
      await background.stop();
      await statistics?.stop();
    },
  };
}

const datumOf = ({ metric, names: [queue], ...values }: MinuteDatum) => ({
  ...values,
  MetricName: metric,
  Unit: metric === 'SentMessageSize' ? ('Bytes' as const) : ('Count' as const),
  Dimensions: [{ Name: 'QueueName', Value: queue }],
});
