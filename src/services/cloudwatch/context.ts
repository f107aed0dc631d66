// What every operation of CloudWatch is given: the metrics, their points, the time, and what is kept besides. Built once,
// by service.ts.

import type { AlarmRecords } from './alarms/records.ts';
import type { AlarmWatch } from './alarms/watch.ts';
import type { DashboardRecords } from './dashboards.ts';
import type { Metrics } from './metrics.ts';

export interface CloudWatch extends Metrics {
  alarms: AlarmRecords;
  /** Looks at the alarms' metrics. */
  watch: AlarmWatch;
  dashboards: DashboardRecords;
  transaction<T>(work: () => T): T;
}
