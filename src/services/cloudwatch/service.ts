// CloudWatch: stores metrics for as long as AWS does, lists them, and computes statistics and arithmetic. Alarms
// watch metrics, publish to topics and invoke functions. Dashboards are checked and stored. It has no metric streams and no insights.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import type { LambdaClient, SnsClient } from './alarms/actions.ts';
import { openAlarmHistory } from './alarms/history.ts';
import { openAlarmRecords } from './alarms/records.ts';
import { createAlarmWatch } from './alarms/watch.ts';
import { constraints } from './constraints.ts';
import type { CloudWatch } from './context.ts';
import { openDashboardRecords } from './dashboards/records.ts';
import { TIERS } from './domain/resolution.ts';
import { openMetricIndex } from './metric-index.ts';
import { nowOf } from './metrics.ts';
import { operations } from './operations.ts';
import { openPointStore } from './point-store.ts';
import type { Sdk } from './sdk.ts';

/** What CloudWatch needs. */
export interface CloudWatchDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  limits?: CloudWatchLimits;
  /** Alarms publish their state changes through it. Without it, they publish nothing. */
  sns?: SnsClient;
  /** Alarms invoke functions through it. Without it, they invoke none. */
  lambda?: LambdaClient;
}

/** Bounds of the stored metrics. */
export interface CloudWatchLimits {
  /** Of all blocks of points; the oldest are removed first. 64 MiB by default. */
  mostBytes?: number;
  /** Those without new points for longest are removed first. 50,000 by default. */
  mostMetrics?: number;
}

/** The built service. */
export interface CloudWatchService {
  service: Service;
  /** Starts to evaluate alarms and to age points. Without it, old points are hidden but stay stored. */
  start(): void;
  /** Evaluates every alarm once. */
  evaluateAlarms(): Promise<void>;
  /** Aggregates and removes old points once. */
  age(): Promise<void>;
  stop(): Promise<void>;
}

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_METRICS = 50_000;
const AGE_EVERY_MS = 600_000;

/** Builds CloudWatch over the store. Call `start` to let it work on its own. */
export function createCloudWatch(dependencies: CloudWatchDependencies): CloudWatchService {
  const { store, clock, limits = {} } = dependencies;
  const log = dependencies.log.child({ service: 'cloudwatch' });
  const index = openMetricIndex(store, limits.mostMetrics ?? MOST_METRICS);
  const points = openPointStore(store, {
    mostBlockBytes: limits.mostBytes ?? MOST_BYTES,
    onFold: (metrics) => index.save(metrics),
    onFound: (metric, at) => index.seen(metric, at),
    log,
  });
  const alarms = openAlarmRecords(store);
  const metrics = { index, points, clock };
  const history = openAlarmHistory(store);
  const { sns, lambda } = dependencies;
  const watch = createAlarmWatch({ metrics, alarms, history, store, log, targets: { sns, lambda } });
  const cloudwatch: CloudWatch = {
    ...{ ...metrics, alarms, history, watch, dashboards: openDashboardRecords(store) },
    transaction: (work) => store.transaction(work),
  };
  let timer: NodeJS.Timeout | undefined;
  let ageing: Promise<void> | undefined;
  let isStopped = false;

  async function age(): Promise<void> {
    const now = nowOf(cloudwatch);
    await points.age(now, () => isStopped);
    index.forgetBefore(now - TIERS.at(-1)!.keepSeconds);
  }

  function ageNow(): void {
    ageing ??= age()
      .catch((error) => log.warn({ err: error }, 'old metrics could not be aggregated'))
      .finally(() => {
        ageing = undefined;
      });
  }

  return {
    service: defineService<Sdk, CloudWatch>('monitoring', cloudwatch, operations, { constraints }),
    age,
    evaluateAlarms: watch.evaluateAll,
    start() {
      watch.evaluateAll().catch((error) => log.warn({ err: error }, 'alarms could not be evaluated'));
      ageNow();
      timer = setInterval(ageNow, AGE_EVERY_MS).unref();
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await watch.stop();
      await ageing;
    },
  };
}
