// Selects a page of events for GetLogEvents and FilterLogEvents: the first ones of an order after a place.

import { parseFilterPattern } from '../filter-pattern.ts';
import { LeadingEvents } from '../leading-events.ts';
import type { GroupSource } from '../segments/group-source.ts';
import { ownText } from '../segments/own-text.ts';
import { withSegment } from '../segments/paths.ts';
import type { Segment } from '../segments/segment.ts';

/** The place of an event among those of its group. */
export interface EventPlace {
  at: number;
  /** The stream's name. */
  stream: string;
  sequence: number;
}

/** An event of a page. */
export interface SelectedEvent extends EventPlace {
  ingestedAt: number;
  message: string;
}

/** Asks for a page. Times are in milliseconds since the epoch. */
export interface EventSelection {
  kind: 'select';
  source: GroupSource;
  /** Inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
  /** 1: the oldest first; -1: the newest first. */
  direction: 1 | -1;
  /** Only events behind this place, in the direction. */
  after?: EventPlace | undefined;
  limit: number;
  pattern?: string | undefined;
}

/** In the asked for order. */
export interface SelectedEvents {
  events: SelectedEvent[];
  hasMore: boolean;
}

/** Reads only segments that can have one of the page's events. */
export function selectEvents(request: EventSelection): SelectedEvents {
  const { source, direction, after, limit } = request;
  const { matches } = parseFilterPattern(request.pattern);
  const compare = (a: EventPlace, b: EventPlace) => direction * comparePlaces(a, b);
  const leading = new LeadingEvents<SelectedEvent>(limit, compare);
  const [from, to] = [Math.max(request.from, source.least), request.to];
  const take = (segment: Segment): void => {
    for (const { stream, first, count } of segment.streams) {
      const name = source.streams.get(stream);
      if (name === undefined) continue;
      for (let row = first; row < first + count; row++) {
        const at = segment.at[row]!;
        if (at < from || at >= to) continue;
        const place = { at, stream: name, sequence: segment.sequence()[row]! };
        if ((after && compare(place, after) <= 0) || (leading.bound && compare(place, leading.bound) > 0))
          continue;
        const message = segment.message(row);
        if (matches(message)) {
          leading.add({ ...place, ingestedAt: segment.ingestedAt()[row]!, message: ownText(message) });
        }
      }
    }
  };
  const places = direction > 0 ? source.places : [...source.places].reverse();
  for (const place of places) {
    const { firstAt, lastAt } = place;
    if (lastAt < from || firstAt >= to) continue;
    if (after && (direction > 0 ? lastAt < after.at : firstAt > after.at)) continue;
    if (leading.bound && direction * ((direction > 0 ? firstAt : lastAt) - leading.bound.at) > 0) continue;
    withSegment(place, { isLambda: source.isLambda }, take);
  }
  const { events, hasMore } = leading.take();
  return { events, hasMore };
}

function comparePlaces(a: EventPlace, b: EventPlace): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.stream !== b.stream) return a.stream < b.stream ? -1 : 1;
  return a.sequence - b.sequence;
}
