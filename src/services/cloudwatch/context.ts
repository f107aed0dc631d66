// The context that every operation of CloudWatch receives. service.ts builds it once.

import type { AlarmHistory } from './alarms/history.ts';
import type { AlarmRecords } from './alarms/records.ts';
import type { AlarmWatch } from './alarms/watch.ts';
import type { DashboardRecords } from './dashboards/records.ts';
import type { Metrics } from './metrics.ts';

/** The context of CloudWatch's operations. */
export interface CloudWatch extends Metrics {
  alarms: AlarmRecords;
  history: AlarmHistory;
  /** Evaluates the alarms. */
  watch: AlarmWatch;
  dashboards: DashboardRecords;
  transaction<T>(work: () => T): T;
}
