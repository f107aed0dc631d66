// GetLogEvents: reads one stream forwards or backwards. A token names a place between two events, so a client that
// asks again at the end receives the events that have arrived since.

import { invalidToken } from '../faults.ts';
import { groupNameOf } from '../names.ts';
import { type Place, placeText, readPlace } from '../places.ts';
import { within } from '../records.ts';
import type { Operation } from '../sdk.ts';

/** AWS: the maximum of one response. */
export const MOST_EVENTS = 10_000;

/** AWS: without a token it reads backwards unless startFromHead is set; events are always in ascending order. */
export const GetLogEvents: Operation<'GetLogEvents'> = async (logs, input, context) => {
  const token = tokenOf(input.nextToken);
  const group = logs.records.groups.existing(context, groupNameOf(input));
  const stream = logs.records.streams.existing(context, within(group.name, input.logStreamName));
  const range = { from: input.startTime ?? 0, to: input.endTime ?? Number.MAX_SAFE_INTEGER };
  const direction = (token ? token.forwards : input.startFromHead === true) ? 1 : -1;
  const { events } = await logs.readers.ask({
    kind: 'select',
    source: logs.logStore.source(context, group, range, [stream]),
    ...range,
    direction,
    after: token && { ...token.place, stream: stream.name },
    limit: input.limit ?? MOST_EVENTS,
  }).answer;
  if (direction < 0) events.reverse();
  const place = placeText(token?.place ?? { at: 0, sequence: -1 });
  return {
    events: events.map(({ at, message, ingestedAt }) => ({
      timestamp: at,
      message,
      ingestionTime: ingestedAt,
    })),
    nextForwardToken: `f/${events.length > 0 ? placeText(events.at(-1)!) : place}`,
    nextBackwardToken: `b/${events.length > 0 ? placeText(events[0]!) : place}`,
  };
};

function tokenOf(text: string | undefined): { forwards: boolean; place: Place } | undefined {
  if (text === undefined) return undefined;
  const [, direction, place] = /^([fb])\/(\d{56})$/.exec(text) ?? [];
  if (!direction || !place) throw invalidToken();
  return { forwards: direction === 'f', place: readPlace(place) };
}
