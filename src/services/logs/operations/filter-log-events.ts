// FilterLogEvents: the events of a group's streams that match a pattern, in order of time.

import type { Scope } from '../../../aws/scope.ts';
import { turnEnd } from '../../../kernel/turn.ts';
import type { Logs } from '../context.ts';
import { invalid } from '../faults.ts';
import { parseFilterPattern } from '../filter-pattern.ts';
import { LeadingEvents } from '../leading-events.ts';
import { groupNameOf } from '../names.ts';
import { eventPages } from '../paging.ts';
import { type LogEvent, type StreamRecord, within } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';
import { MOST_EVENTS, PLACE_LENGTH, type Place, placeText, readPlace } from './get-log-events.ts';

type FilterLogEvents = Input<'FilterLogEvents'>;
type FoundPlace = Place & { stream: string };
type Found = LogEvent & FoundPlace;

/** Throws ResourceNotFound, or InvalidParameter for an invalid pattern or token. */
export const FilterLogEvents: Operation<'FilterLogEvents'> = async (logs, input, context) => {
  const { matches } = parseFilterPattern(input.filterPattern);
  const key = eventPages.keyOf(input.nextToken);
  const after = key === undefined ? undefined : readKey(key);
  const group = logs.records.groups.existing(context, groupNameOf(input));
  // AWS: endTime is inclusive here, unlike in GetLogEvents.
  const range = { from: input.startTime ?? 0, to: (input.endTime ?? Number.POSITIVE_INFINITY) + 1 };
  const leading = new LeadingEvents<Found>(input.limit ?? MOST_EVENTS, compare);
  for (const stream of streamsAsked(logs, context, group.name, input)) {
    for await (const events of logs.logStore.events(context, group, stream, range)) {
      for (const event of events) {
        const found = { ...event, stream: stream.name };
        if ((!after || compare(found, after) > 0) && matches(event.message)) leading.add(found);
      }
    }
    await turnEnd();
  }
  const { events, hasMore } = leading.take();
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

function compare(a: FoundPlace, b: FoundPlace): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.stream !== b.stream) return a.stream < b.stream ? -1 : 1;
  return a.sequence - b.sequence;
}

const keyOf = (event: Found): string => placeText(event) + event.stream;

const readKey = (key: string): FoundPlace => ({
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
