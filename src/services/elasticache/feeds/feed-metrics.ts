// The metrics of feeds, in the namespace Millpond/Feed: once a minute, of each feed and of each of its mappings.

import { type Scope, scopeKey } from '../../../aws/scope.ts';
import { type BatchPolicy, createBatcher } from '../../../control/batcher.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { FeedView } from '../../../status.ts';
import { endedMinute, everyMinute } from '../metrics/every-minute.ts';
import type { CloudWatchClient } from '../metrics/metrics-sampler.ts';

/** What the metrics are made of. */
export interface FeedMetricsOptions {
  views(): FeedView[];
  clock: Clock;
  log: Log;
  cloudwatch: CloudWatchClient;
}

const NAMESPACE = 'Millpond/Feed';
const POLICY: BatchPolicy = { gatherMs: 1_000, mostWaiting: 50_000, mostItems: 250 };

type Counted = { delivered: number; retried: number; dead: number };

/** Does nothing before `start`, nor while there are no feeds. */
export function createFeedMetrics({ views, clock, log, cloudwatch }: FeedMetricsOptions) {
  let before = new Map<string, Counted>();
  let end: (() => Promise<void>) | undefined;
  const batcher = createBatcher<Scope, ReturnType<typeof dataOf>[number]>({
    ...{ what: 'metrics of feeds', policy: POLICY, log, keyOf: scopeKey },
    async send(scope, MetricData) {
      await cloudwatch.call('PutMetricData', { Namespace: NAMESPACE, MetricData: [...MetricData] }, scope);
    },
  });

  async function sample(): Promise<void> {
    const counted = new Map<string, Counted>();
    for (const view of views()) {
      const { accountId, region } = view;
      const since = (name: string, now: Counted): Counted => {
        const key = `${accountId}/${region}/${view.name}/${name}`;
        counted.set(key, now);
        return difference(now, before.get(key));
      };
      batcher.add({ accountId, region }, dataOf(view, since, clock.now()));
    }
    before = counted;
    await batcher.flush();
  }

  return {
    start() {
      end = everyMinute(clock, () =>
        sample().catch((error: unknown) => log.warn({ err: error }, 'feeds could not be measured')),
      );
    },
    /** Now. For tests. */
    sample,
    async stop() {
      await end?.();
      await batcher.stop();
    },
  };
}

/** A feed that was deleted and made again counts from nothing. */
function difference(now: Counted, before: Counted = { delivered: 0, retried: 0, dead: 0 }): Counted {
  const isNew = now.delivered < before.delivered || now.retried < before.retried || now.dead < before.dead;
  if (isNew) return now;
  return {
    delivered: now.delivered - before.delivered,
    retried: now.retried - before.retried,
    dead: now.dead - before.dead,
  };
}

/** The data points of the minute that has just ended. */
function dataOf({ name, status }: FeedView, since: (mapping: string, now: Counted) => Counted, now: number) {
  const Timestamp = endedMinute(now);
  const feed = { Name: 'Feed', Value: name };
  const point =
    (Dimensions: { Name: string; Value: string }[]) =>
    (MetricName: string, Value: number, Unit: 'Count' | 'Seconds') => ({
      ...{ MetricName, Dimensions, Timestamp, Value, Unit },
    });
  const counts = (of: ReturnType<typeof point>, { delivered, retried, dead }: Counted) => [
    of('Delivered', delivered, 'Count'),
    of('Retried', retried, 'Count'),
    of('Dead', dead, 'Count'),
  ];
  const ofFeed = point([feed]);
  return [
    ofFeed('Lag', status.lagChanges, 'Count'),
    ofFeed('LagSeconds', status.lagSeconds, 'Seconds'),
    ...counts(ofFeed, since('', status)),
    ...status.mappings.flatMap((mapping) =>
      counts(point([feed, { Name: 'Mapping', Value: mapping.name }]), since(mapping.name, mapping)),
    ),
  ];
}
