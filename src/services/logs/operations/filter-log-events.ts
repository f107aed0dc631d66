// FilterLogEvents: the events of a group's streams that match a pattern, in order of time.

import { decodeMarker, encodeMarker } from '../../../kernel/paging.ts';
import type { Scope } from '../../../kernel/scope.ts';
import type { HandlerOf, Input } from '../../../wire/service.ts';
import { invalid, invalidToken } from '../faults.ts';
import { parseFilterPattern } from '../filter-pattern.ts';
import type { LogStore } from '../log-store.ts';
import { groupNameOf } from '../names.ts';
import type { LogEvent, StreamRecord } from '../records.ts';
import type { Logs } from '../service.ts';
import { fitting, placeOf } from './get-log-events.ts';

type FilterLogEvents = Input<Logs, 'FilterLogEvents'>;
type Found = LogEvent & { stream: string };

const MAX_EVENTS = 10_000;

export function filterLogEvents(logs: LogStore): HandlerOf<Logs, 'FilterLogEvents'> {
  return (input, context) => {
    const limit = input.limit ?? MAX_EVENTS;
    const matches = parseFilterPattern(input.filterPattern);
    const after = input.nextToken === undefined ? '' : decodeMarker(input.nextToken);
    if (input.nextToken !== undefined && encodeMarker(after) !== input.nextToken) throw invalidToken();
    const group = logs.group(context, groupNameOf(input));
    const from = input.startTime ?? 0;
    const to = input.endTime ?? Number.POSITIVE_INFINITY;
    const found = streamsAsked(logs, context, group.name, input).flatMap((stream) =>
      logs
        .events(context, group, stream)
        .filter((event) => event.at >= from && event.at <= to && matches(event.message))
        .map((event): Found => ({ ...event, stream: stream.name })),
    );
    const rest = found.filter((event) => keyOf(event) > after).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const events = fitting(rest, limit);
    const last = events.at(-1);
    return {
      events: events.map((event) => ({
        logStreamName: event.stream,
        timestamp: event.at,
        message: event.message,
        ingestionTime: event.ingestedAt,
        eventId: placeOf(event),
      })),
      // AWS: deprecated, and always empty.
      searchedLogStreams: [],
      nextToken: last && events.length < rest.length ? encodeMarker(keyOf(last)) : undefined,
    };
  };
}

const keyOf = (event: Found): string =>
  `${String(event.at).padStart(20, '0')} ${event.stream} ${placeOf(event)}`;

function streamsAsked(logs: LogStore, scope: Scope, group: string, input: FilterLogEvents): StreamRecord[] {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names?.length && prefix) {
    throw invalid('Cannot specify both logStreamNames and logStreamNamePrefix.');
  }
  if (names?.length) return [...new Set(names)].map((name) => logs.stream(scope, group, name));
  return logs.streams(scope, group).filter((stream) => stream.name.startsWith(prefix ?? ''));
}
