// FilterLogEvents: the events of a group's streams that match a pattern, in order of time.

import type { Scope } from '../../../aws/scope.ts';
import type { Logs } from '../context.ts';
import { invalid } from '../faults.ts';
import { parseFilterPattern } from '../filter-pattern.ts';
import { groupNameOf } from '../names.ts';
import { eventPages } from '../paging.ts';
import { PLACE_LENGTH, placeText, readPlace } from '../places.ts';
import type { EventPlace } from '../reading/select-events.ts';
import { type StreamRecord, within } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';
import { MOST_EVENTS } from './get-log-events.ts';

type FilterLogEvents = Input<'FilterLogEvents'>;

/** Throws ResourceNotFound, or InvalidParameter for an invalid pattern or token. */
export const FilterLogEvents: Operation<'FilterLogEvents'> = async (logs, input, context) => {
  parseFilterPattern(input.filterPattern);
  const key = eventPages.keyOf(input.nextToken);
  const group = logs.records.groups.existing(context, groupNameOf(input));
  // AWS: endTime is inclusive here, unlike in GetLogEvents.
  const range = { from: input.startTime ?? 0, to: (input.endTime ?? Number.MAX_SAFE_INTEGER) + 1 };
  const { events, hasMore } = await logs.readers.ask({
    kind: 'select',
    source: logs.logStore.source(context, group, range, streamsAsked(logs, context, group.name, input)),
    ...range,
    direction: 1,
    after: key === undefined ? undefined : readKey(key),
    limit: input.limit ?? MOST_EVENTS,
    pattern: input.filterPattern,
  }).answer;
  return {
    events: events.map((event) => ({
      logStreamName: event.stream,
      timestamp: event.at,
      message: event.message,
      ingestionTime: event.ingestedAt,
      eventId: placeText(event),
    })),
    // AWS: the member is deprecated and always empty.
    searchedLogStreams: [],
    nextToken: hasMore ? eventPages.tokenFor(keyOf(events.at(-1)!)) : undefined,
  };
};

const keyOf = (event: EventPlace): string => placeText(event) + event.stream;

const readKey = (key: string): EventPlace => ({
  ...readPlace(key.slice(0, PLACE_LENGTH)),
  stream: key.slice(PLACE_LENGTH),
});

function streamsAsked(logs: Logs, scope: Scope, group: string, input: FilterLogEvents): StreamRecord[] {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names?.length && prefix) {
    throw invalid('Cannot specify both logStreamNames and logStreamNamePrefix.');
  }
  if (names?.length) {
    return [...new Set(names)].map((name) => logs.records.streams.existing(scope, within(group, name)));
  }
  return logs.records.streams.list(scope, { prefix: within(group, prefix) });
}
