// Log streams: create, delete, describe.

import type { Scope } from '../../../aws/scope.ts';
import { invalid } from '../faults.ts';
import { checkStreamName, groupNameOf, streamArn } from '../names.ts';
import { pageRequest, rankPages, streamPages } from '../paging.ts';
import { type StreamRecord, within } from '../records.ts';
import type { Operation } from '../sdk.ts';

/** Throws ResourceAlreadyExists. A group that has the maximum loses its stream with the oldest last write. */
export const CreateLogStream: Operation<'CreateLogStream'> = (logs, input, context) => {
  const name = checkStreamName(input.logStreamName);
  logs.store.transaction(() => {
    logs.logStore.addStream(context, logs.records.groups.existing(context, groupNameOf(input)).name, name);
  });
  return {};
};

/** Throws ResourceNotFound. */
export const DeleteLogStream: Operation<'DeleteLogStream'> = (logs, input, context) => {
  logs.store.transaction(() => {
    const { name } = logs.records.groups.existing(context, groupNameOf(input));
    logs.logStore.removeStream(
      context,
      logs.records.streams.existing(context, within(name, input.logStreamName)),
    );
  });
  return {};
};

/** AWS: a prefix cannot be combined with the order by LastEventTime. */
export const DescribeLogStreams: Operation<'DescribeLogStreams'> = async (logs, input, context) => {
  const byTime = input.orderBy === 'LastEventTime';
  const prefix = input.logStreamNamePrefix;
  if (byTime && prefix) throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
  const { name } = logs.records.groups.existing(context, groupNameOf(input));
  const request = { ...pageRequest(input), prefix: within(name, prefix) };
  if (!byTime && !input.descending) {
    const { items, token } = await streamPages.ofCollection(logs.records.streams, context, request);
    return { logStreams: items.map((stream) => view(context, stream)), nextToken: token };
  }
  // Reads all streams, which is fine: a group has at most a thousand.
  const matching = logs.records.streams.list(context, { prefix: request.prefix });
  if (byTime) matching.sort((a, b) => timeOf(a) - timeOf(b) || (a.name < b.name ? -1 : 1));
  if (input.descending) matching.reverse();
  const ranked = matching.map((stream, rank) => ({ stream, rank: String(rank).padStart(9, '0') }));
  const { items, token } = rankPages.ofSorted(ranked, ({ rank }) => rank, request);
  return { logStreams: items.map(({ stream }) => view(context, stream)), nextToken: token };
};

const timeOf = (stream: StreamRecord): number => stream.lastEventAt ?? stream.createdAt;

const view = (scope: Scope, stream: StreamRecord) => ({
  logStreamName: stream.name,
  arn: streamArn(scope, stream.group, stream.name),
  creationTime: stream.createdAt,
  firstEventTimestamp: stream.firstEventAt,
  lastEventTimestamp: stream.lastEventAt,
  lastIngestionTime: stream.lastIngestedAt,
  uploadSequenceToken: String(stream.nextSequence).padStart(56, '0'),
  // AWS: always 0 since 2019.
  storedBytes: 0,
});
