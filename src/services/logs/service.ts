// CloudWatch Logs: groups, streams and events, kept within bounds, read and searched, and counted by metric
// filters. No subscriptions, no Insights.

import type { Clock } from '../../kernel/clock.ts';
import { type Log, silentLog } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import { defineHandlers, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import { createFilterMetrics } from './filter-metrics.ts';
import { openLogStore } from './log-store.ts';
import { absentFeatures } from './operations/absent-features.ts';
import { filterLogEvents } from './operations/filter-log-events.ts';
import { getLogEvents } from './operations/get-log-events.ts';
import {
  associateKmsKey,
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeLogGroups,
  disassociateKmsKey,
  putRetentionPolicy,
} from './operations/log-groups.ts';
import { createLogStream, deleteLogStream, describeLogStreams } from './operations/log-streams.ts';
import {
  deleteMetricFilter,
  describeMetricFilters,
  putMetricFilter,
  testMetricFilter,
} from './operations/metric-filters.ts';
import { putLogEvents } from './operations/put-log-events.ts';
import {
  listTagsForResource,
  listTagsLogGroup,
  tagLogGroup,
  tagResource,
  untagLogGroup,
  untagResource,
} from './operations/tags.ts';

export type Logs = typeof import('@aws-sdk/client-cloudwatch-logs');

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
  const logs = openLogStore(store, clock);
  const metrics = createFilterMetrics({ logs, cloudwatch, log: log.child({ service: 'logs' }) });
  const service = defineHandlers<Logs>(
    'logs',
    {
      AssociateKmsKey: associateKmsKey(logs),
      CreateLogGroup: createLogGroup(logs),
      CreateLogStream: createLogStream(logs),
      DeleteLogGroup: deleteLogGroup(logs),
      DeleteLogStream: deleteLogStream(logs),
      DeleteMetricFilter: deleteMetricFilter(logs),
      DeleteRetentionPolicy: deleteRetentionPolicy(logs),
      DescribeLogGroups: describeLogGroups(logs),
      DescribeLogStreams: describeLogStreams(logs),
      DescribeMetricFilters: describeMetricFilters(logs),
      DisassociateKmsKey: disassociateKmsKey(logs),
      FilterLogEvents: filterLogEvents(logs),
      GetLogEvents: getLogEvents(logs),
      ListTagsForResource: listTagsForResource(logs),
      ListTagsLogGroup: listTagsLogGroup(logs),
      PutLogEvents: putLogEvents(logs, metrics),
      PutMetricFilter: putMetricFilter(logs),
      PutRetentionPolicy: putRetentionPolicy(logs),
      TagLogGroup: tagLogGroup(logs),
      TagResource: tagResource(logs),
      TestMetricFilter: testMetricFilter,
      UntagLogGroup: untagLogGroup(logs),
      UntagResource: untagResource(logs),
      ...absentFeatures(logs),
    },
    { constraints },
  );
  return { service, stop: metrics.stop };
}
