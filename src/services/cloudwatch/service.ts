// CloudWatch: the metrics. They are put, kept for as long as AWS keeps them, listed, and got with statistics and
// arithmetic. Alarms look at them and tell topics. Dashboards are kept and shown. No streams or insights yet.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { openAlarmRecords } from './alarms/records.ts';
import { createAlarmWatch, type SnsClient } from './alarms/watch.ts';
import { constraints } from './constraints.ts';
import type { CloudWatch } from './context.ts';
import { openDashboardRecords } from './dashboards.ts';
import { TIERS } from './domain/resolution.ts';
import { openMetricIndex } from './metric-index.ts';
import { nowOf } from './metrics.ts';
import { operations } from './operations.ts';
import { openPointStore } from './point-store.ts';
import type { Sdk } from './sdk.ts';

export interface CloudWatchDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  limits?: CloudWatchLimits;
  /** Alarms tell their topics through it; nobody by default. */
  sns?: SnsClient;
}

export interface CloudWatchLimits {
  /** What all points may take on the disk; the oldest go first. 64 MiB by default. */
  mostBytes?: number;
  /** The longest silent go first. 50,000 by default. */
  mostMetrics?: number;
}

export interface CloudWatchService {
  service: Service;
  /** From now on what grows old is summed up and forgotten; until then it is only not shown. */
  start(): void;
  /** Once: looks at every alarm. */
  lookAtAlarms(): Promise<void>;
  /** Once: sums up and forgets what has grown old. */
  age(): Promise<void>;
  stop(): Promise<void>;
}

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_METRICS = 50_000;
const AGE_EVERY_MS = 600_000;

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
  const watch = createAlarmWatch({ metrics, alarms, store, log, sns: dependencies.sns });
  const cloudwatch: CloudWatch = {
    ...{ ...metrics, alarms, watch, dashboards: openDashboardRecords(store) },
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
      .catch((error) => log.warn({ err: error }, 'old metrics could not be summed up'))
      .finally(() => {
        ageing = undefined;
      });
  }

  return {
    service: defineService<Sdk, CloudWatch>('monitoring', cloudwatch, operations, { constraints }),
    age,
    lookAtAlarms: watch.lookAtAll,
    start() {
      watch.lookAtAll().catch((error) => log.warn({ err: error }, 'alarms could not be looked at'));
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
