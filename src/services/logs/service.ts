// CloudWatch Logs: groups, streams and events, kept within bounds, read and searched, and counted by metric
// filters. No subscriptions, no Insights.

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

export interface LogsDependencies {
  store: Store;
  clock: Clock;
  log?: Log;
  /** Told of what metric filters count. */
  cloudwatch?: Client<typeof import('@aws-sdk/client-cloudwatch')>;
}

export interface LogsService {
  service: Service;
  /** Tells CloudWatch what is left. */
  stop(): Promise<void>;
}

export function createLogs({ store, clock, log = silentLog, cloudwatch }: LogsDependencies): LogsService {
  const records = openRecords(store);
  const metrics = createFilterMetrics({ records, cloudwatch, log: log.child({ service: 'logs' }) });
  const logs: Logs = { store, clock, records, logStore: openLogStore(store, clock, records), metrics };
  const service = defineService<Sdk, Logs>('logs', logs, operations, { constraints });
  return { service, stop: metrics.stop };
}
