// GetLogEvents: one stream, forwards and backwards. A token names the place between two events, so that a client that
// asks again at the end gets what has come since.

import type { HandlerOf } from '../../../wire/service.ts';
import { invalidToken } from '../faults.ts';
import type { LogStore } from '../log-store.ts';
import { groupNameOf } from '../names.ts';
import type { LogEvent } from '../records.ts';
import type { Logs } from '../service.ts';

const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;

export function getLogEvents(logs: LogStore): HandlerOf<Logs, 'GetLogEvents'> {
  return (input, context) => {
    const limit = input.limit ?? MAX_EVENTS;
    const token = tokenOf(input.nextToken);
    const group = logs.group(context, groupNameOf(input));
    const stream = logs.stream(context, group.name, input.logStreamName);
    const from = input.startTime ?? 0;
    const to = input.endTime ?? Number.POSITIVE_INFINITY;
    const all = logs.events(context, group, stream).filter(({ at }) => at >= from && at < to);
    const forwards = token ? token.forwards : input.startFromHead === true;
    const candidates = token
      ? all.filter((event) => (forwards ? placeOf(event) > token.place : placeOf(event) < token.place))
      : all;
    const events = fitting(forwards ? candidates : candidates.toReversed(), limit);
    if (!forwards) events.reverse();
    const place = token?.place ?? ''.padStart(PLACE_LENGTH, '0');
    return {
      events: events.map(({ at, message, ingestedAt }) => ({
        timestamp: at,
        message,
        ingestionTime: ingestedAt,
      })),
      nextForwardToken: `f/${events.length > 0 ? placeOf(events.at(-1)!) : place}`,
      nextBackwardToken: `b/${events.length > 0 ? placeOf(events[0]!) : place}`,
    };
  };
}

const PLACE_LENGTH = 56;

/** Sorts as the events do. */
export const placeOf = ({ at, sequence }: LogEvent): string =>
  String(at).padStart(20, '0') + String(sequence + 1).padStart(PLACE_LENGTH - 20, '0');

function tokenOf(text: string | undefined): { forwards: boolean; place: string } | undefined {
  if (text === undefined) return undefined;
  const [, direction, place] = /^([fb])\/(\d{56})$/.exec(text) ?? [];
  if (!direction || !place) throw invalidToken();
  return { forwards: direction === 'f', place };
}

/** The first of them, up to the limit and a megabyte, and at least one. */
export function fitting<T extends { message: string }>(events: readonly T[], limit: number): T[] {
  let bytes = 0;
  let count = 0;
  for (const { message } of events) {
    bytes += Buffer.byteLength(message);
    if (count >= limit || (bytes > MAX_BYTES && count > 0)) break;
    count += 1;
  }
  return events.slice(0, count);
}
