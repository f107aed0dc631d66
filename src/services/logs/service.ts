// CloudWatch Logs: groups, streams and events, stored within bounds, read, searched, queried by Insights, counted by
// metric filters, and sent on by subscription filters.

import type { Clock } from '../../kernel/clock.ts';
import { type Log, silentLog } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Logs } from './context.ts';
import { createEventSpace, type EventBounds } from './event-space.ts';
import { createFilterMetrics } from './filter-metrics.ts';
import { importChunks } from './import-chunks.ts';
import { createQueries } from './insights/queries.ts';
import { keepingOf, openLogStore } from './log-store.ts';
import { operations } from './operations.ts';
import { createThreads, type ThreadLimits } from './reading/threads.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';
import { createSubscriptions, type LambdaClient } from './subscriptions.ts';

/** What CloudWatch Logs needs. */
export interface LogsDependencies {
  store: Store;
  clock: Clock;
  log?: Log;
  /** Where the files of events are. */
  directory: string;
  bounds?: EventBounds;
  /** How long a query may run. */
  longestQueryMs?: number;
  /** Receives the metrics of metric filters. Without it, they count nothing. */
  cloudwatch?: Client<typeof import('@aws-sdk/client-cloudwatch')>;
  /** Receives the events of subscription filters. Without it, there are no subscriptions. */
  lambda?: LambdaClient;
}

/** The built service. */
export interface LogsService {
  service: Service;
  /** Counts the stored events, and continues what an earlier run left unfinished. Call it once, before any request. */
  start(): Promise<void>;
  /** Sends the metrics that are still queued. */
  stop(): Promise<void>;
}

const MIB = 1024 * 1024;
const BOUNDS: EventBounds = { groupBytes: 256 * MIB, allBytes: 1024 * MIB };
/** Reading a page of the largest group takes a second or two, settling a segment a tenth of one. */
const READERS: ThreadLimits = { most: 1, longestMs: 60_000, heapMb: 256 };

/** AWS's queries may take an hour. A query of the largest store takes some seconds, whatever it asks. */
const QUERY_THREADS: ThreadLimits = { most: 2, longestMs: 60_000, heapMb: 512 };

/** Builds CloudWatch Logs over the store. */
export function createLogs(dependencies: LogsDependencies): LogsService {
  const { store, clock, log: parentLog = silentLog, directory, bounds = BOUNDS } = dependencies;
  const { cloudwatch, lambda } = dependencies;
  const log = parentLog.child({ service: 'logs' });
  const records = openRecords(store);
  const metrics = createFilterMetrics({ records, cloudwatch, log });
  const subscriptions = createSubscriptions({ records, lambda, log });
  const readers = createThreads(READERS);
  // Segments that wait to be settled delay no reader.
  const settlers = createThreads(READERS);
  const queryThreads = createThreads({
    ...QUERY_THREADS,
    longestMs: dependencies.longestQueryMs ?? QUERY_THREADS.longestMs,
  });
  const space = createEventSpace({
    ...{ store, records, log, directory, bounds, threads: settlers },
    keepingOf: (scope, group) => keepingOf(records, scope, group),
  });
  const logStore = openLogStore({ store, clock, log, records, space });
  const queries = createQueries({ threads: queryThreads, clock, log });
  const logs: Logs = { store, clock, records, logStore, readers, queries, metrics, subscriptions };
  const service = defineService<Sdk, Logs>('logs', logs, operations, { constraints });
  return {
    service,
    async start() {
      await space.start();
      await importChunks(store, records, space);
      logStore.start();
    },
    async stop() {
      logStore.stop();
      await Promise.all([metrics.stop(), subscriptions.stop()]);
      const spaceStopped = space.stop();
      await Promise.all([readers.stop(), settlers.stop(), queryThreads.stop()]);
      await spaceStopped;
    },
  };
}
