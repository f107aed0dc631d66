// Log streams: create, delete, describe.

import type { Scope } from '../../../kernel/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { invalid } from '../faults.ts';
import type { LogStore } from '../log-store.ts';
import { checkStreamName, groupNameOf, streamArn } from '../names.ts';
import { page } from '../paging.ts';
import type { StreamRecord } from '../records.ts';
import type { Logs } from '../service.ts';

const MAX_PAGE = 50;

export function createLogStream(logs: LogStore): HandlerOf<Logs, 'CreateLogStream'> {
  return (input, context) => {
    const name = checkStreamName(input.logStreamName);
    logs.transaction(() => {
      logs.addStream(context, logs.group(context, groupNameOf(input)).name, name);
    });
    return {};
  };
}

export function deleteLogStream(logs: LogStore): HandlerOf<Logs, 'DeleteLogStream'> {
  return (input, context) => {
    logs.transaction(() => {
      const { name } = logs.group(context, groupNameOf(input));
      logs.removeStream(context, logs.stream(context, name, input.logStreamName));
    });
    return {};
  };
}

export function describeLogStreams(logs: LogStore): HandlerOf<Logs, 'DescribeLogStreams'> {
  return (input, context) => {
    const byTime = input.orderBy === 'LastEventTime';
    const prefix = input.logStreamNamePrefix;
    if (byTime && prefix) throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
    const { name } = logs.group(context, groupNameOf(input));
    const matching = logs.streams(context, name).filter((stream) => stream.name.startsWith(prefix ?? ''));
    const ranked = matching
      .toSorted((a, b) => (byTime ? timeOf(a) - timeOf(b) : 0) || (a.name < b.name ? -1 : 1))
      .map((stream, index) => ({ stream, rank: input.descending ? matching.length - index : index }));
    // By name a page goes on behind the last name; otherwise behind the last rank.
    const keyOf = ({ stream, rank }: (typeof ranked)[number]) =>
      byTime || input.descending ? String(rank).padStart(9, '0') : stream.name;
    const { items, nextToken } = page(ranked, keyOf, MAX_PAGE, input);
    return { logStreams: items.map(({ stream }) => view(context, stream)), nextToken };
  };
}

const timeOf = (stream: StreamRecord): number => stream.lastEventAt ?? stream.createdAt;

const view = (scope: Scope, stream: StreamRecord) => ({
  logStreamName: stream.name,
  arn: streamArn(scope, stream.group, stream.name),
  creationTime: stream.createdAt,
  firstEventTimestamp: stream.firstEventAt,
  lastEventTimestamp: stream.lastEventAt,
  lastIngestionTime: stream.lastIngestedAt,
  uploadSequenceToken: String(stream.nextSequence).padStart(56, '0'),
  // AWS: no longer counted.
  storedBytes: 0,
});
