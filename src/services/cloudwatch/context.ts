// What every operation of CloudWatch is given: the metrics, their points, the time, and what is kept besides. Built once,
// by service.ts.

import type { Clock } from '../../kernel/clock.ts';
import type { AlarmRecords } from './alarms/records.ts';
import type { AlarmWatch } from './alarms/watch.ts';
import type { DashboardRecords } from './dashboards.ts';
import type { MetricIndex } from './metric-index.ts';
import type { PointStore } from './point-store.ts';

export interface Metrics {
  index: MetricIndex;
  points: PointStore;
  clock: Clock;
}

export interface CloudWatch extends Metrics {
  alarms: AlarmRecords;
  /** Looks at the alarms' metrics. */
  watch: AlarmWatch;
  dashboards: DashboardRecords;
  transaction<T>(work: () => T): T;
}

/** In whole seconds since the epoch. */
export const nowOf = ({ clock }: Metrics): number => Math.floor(clock.now() / 1000);
