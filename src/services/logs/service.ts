// CloudWatch Logs: groups, streams and events, stored within bounds, read, searched, and counted by metric filters.
// It has no subscriptions and no Insights.

import type { Clock } from '../../kernel/clock.ts';
import { type Log, silentLog } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Logs } from './context.ts';
import { createFilterMetrics } from './filter-metrics.ts';
import { openLogStore } from './log-store.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';

/** What CloudWatch Logs needs. */
export interface LogsDependencies {
  store: Store;
  clock: Clock;
  log?: Log;
  /** Receives the metrics of metric filters. Without it, they count nothing. */
  cloudwatch?: Client<typeof import('@aws-sdk/client-cloudwatch')>;
}

/** The built service. */
export interface LogsService {
  service: Service;
  /** Sends the metrics that are still queued. */
  stop(): Promise<void>;
}

/** Builds CloudWatch Logs over the store. */
export function createLogs({ store, clock, log = silentLog, cloudwatch }: LogsDependencies): LogsService {
  const records = openRecords(store);
  const metrics = createFilterMetrics({ records, cloudwatch, log: log.child({ service: 'logs' }) });
  const logs: Logs = { store, clock, records, logStore: openLogStore(store, clock, records), metrics };
  const service = defineService<Sdk, Logs>('logs', logs, operations, { constraints });
  return { service, stop: metrics.stop };
}
