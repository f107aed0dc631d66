// What every operation of CloudWatch Logs is given. Built once, by service.ts.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { FilterMetrics } from './filter-metrics.ts';
import type { LogStore } from './log-store.ts';
import type { Records } from './records.ts';

export interface Logs {
  store: Store;
  clock: Clock;
  records: Records;
  logStore: LogStore;
  /** Told of every event that is kept. */
  metrics: FilterMetrics;
}
