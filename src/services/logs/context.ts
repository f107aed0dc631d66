// The context that every operation of CloudWatch Logs receives. service.ts builds it once.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { FilterMetrics } from './filter-metrics.ts';
import type { Queries } from './insights/queries.ts';
import type { LogStore } from './log-store.ts';
import type { Threads } from './reading/threads.ts';
import type { Records } from './records.ts';
import type { Subscriptions } from './subscriptions.ts';

/** The context of CloudWatch Logs' operations. */
export interface Logs {
  store: Store;
  clock: Clock;
  records: Records;
  logStore: LogStore;
  /** Read events. The event loop of Millpond reads none. */
  readers: Threads;
  queries: Queries;
  /** Receives every stored event. */
  metrics: FilterMetrics;
  /** Receives every stored event. */
  subscriptions: Subscriptions;
}
