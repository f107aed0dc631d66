// DescribeEvents: the events of the last hour, or of a window within the last 14 days, newest first.

import type { EventPlace, LoggedEvent } from '../../../../control/event-log.ts';
import { invalidParameterCombination, invalidParameterValue } from '../../faults/requests.ts';
import { pagesNamed, readOf } from '../../paging.ts';
import type { Operation } from '../../sdk.ts';
import type { ElastiCacheEvent } from '../domain/event.ts';

const MINUTE_MS = 60_000;
const DEFAULT_DURATION_MINUTES = 60;
/** AWS: events are available for 14 days. */
export const EVENT_RETENTION_MINUTES = 14 * 24 * 60;

const pages = pagesNamed('events');

export const DescribeEvents: Operation<'DescribeEvents'> = async (elasticache, input, context) => {
  const { SourceIdentifier, SourceType } = input;
  if (SourceIdentifier !== undefined && SourceType === undefined) {
    throw invalidParameterCombination('SourceType must be specified when SourceIdentifier is specified.');
  }
  const { from, to } = windowOf(input, elasticache.clock.now());
  const sourceId = SourceIdentifier?.toLowerCase();
  const { limit, token } = readOf(input);
  const key = pages.keyOf(token);
  const found: LoggedEvent<ElastiCacheEvent>[] = [];
  for await (const batch of elasticache.events.batches(context, from, to, key ? placeIn(key) : undefined)) {
    const isWanted = ({ value }: LoggedEvent<ElastiCacheEvent>) =>
      (SourceType === undefined || value.sourceType === SourceType) &&
      (sourceId === undefined || value.sourceId === sourceId);
    found.push(...batch.filter(isWanted));
    if (found.length > limit) break;
  }
  const items = found.slice(0, limit);
  return {
    ...(found.length > limit && { Marker: pages.tokenFor(keyOf(items.at(-1)!)) }),
    Events: items.map(({ at, value }) => ({
      SourceIdentifier: value.sourceId,
      SourceType: value.sourceType,
      Message: value.message,
      Date: new Date(at),
    })),
  };
};

interface WindowRequest {
  StartTime?: Date | undefined;
  EndTime?: Date | undefined;
  /** Minutes. */
  Duration?: number | undefined;
}

/** Milliseconds, both ends inclusive. The duration counts from the start if one is given, else back from the end. */
function windowOf(request: WindowRequest, now: number): { from: number; to: number } {
  const { StartTime, EndTime, Duration = DEFAULT_DURATION_MINUTES } = request;
  if (!Number.isInteger(Duration) || Duration < 1 || Duration > EVENT_RETENTION_MINUTES) {
    throw invalidParameterValue(`Duration must be between 1 and ${EVENT_RETENTION_MINUTES} minutes.`);
  }
  const from = StartTime?.getTime() ?? (EndTime?.getTime() ?? now) - Duration * MINUTE_MS;
  // AWS: with only a start, the window ends now.
  const to = EndTime?.getTime() ?? (StartTime && request.Duration ? from + Duration * MINUTE_MS : now);
  if (Number.isNaN(from) || Number.isNaN(to))
    throw invalidParameterValue('StartTime or EndTime is not a valid time.');
  if (from > to) throw invalidParameterCombination('StartTime must be before EndTime.');
  if (from < now - (EVENT_RETENTION_MINUTES + 1) * MINUTE_MS) {
    throw invalidParameterValue('Events are kept for 14 days; StartTime lies before that.');
  }
  return { from, to };
}

const keyOf = ({ at, sequence }: EventPlace): string => `${at} ${sequence}`;

function placeIn(key: string): EventPlace {
  const [at = 0, sequence = 0] = key.split(' ').map(Number);
  return { at, sequence };
}
