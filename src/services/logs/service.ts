// CloudWatch Logs: groups, streams and events, kept within bounds, read and searched. No metric filters, no
// subscriptions, no Insights.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import { openLogStore } from './log-store.ts';
import { filterLogEvents } from './operations/filter-log-events.ts';
import { getLogEvents } from './operations/get-log-events.ts';
import {
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeLogGroups,
  putRetentionPolicy,
} from './operations/log-groups.ts';
import { createLogStream, deleteLogStream, describeLogStreams } from './operations/log-streams.ts';
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

export function createLogs({ store, clock }: { store: Store; clock: Clock }): Service {
  const logs = openLogStore(store, clock);
  return defineService<Logs>(
    'logs',
    {
      CreateLogGroup: createLogGroup(logs),
      CreateLogStream: createLogStream(logs),
      DeleteLogGroup: deleteLogGroup(logs),
      DeleteLogStream: deleteLogStream(logs),
      DeleteRetentionPolicy: deleteRetentionPolicy(logs),
      DescribeLogGroups: describeLogGroups(logs),
      DescribeLogStreams: describeLogStreams(logs),
      FilterLogEvents: filterLogEvents(logs),
      GetLogEvents: getLogEvents(logs),
      ListTagsForResource: listTagsForResource(logs),
      ListTagsLogGroup: listTagsLogGroup(logs),
      PutLogEvents: putLogEvents(logs),
      PutRetentionPolicy: putRetentionPolicy(logs),
      TagLogGroup: tagLogGroup(logs),
      TagResource: tagResource(logs),
      UntagLogGroup: untagLogGroup(logs),
      UntagResource: untagResource(logs),
    },
    { constraints },
  );
}
