// PutLogEvents: appends a batch of events in order of time. Events that are too old or too new are left out and
// reported.

import { invalid, outOfOrder } from '../faults.ts';
import { type GroupRecord, within } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';

type Event = Input<'PutLogEvents'>['logEvents'][number];

const MAX_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const HOUR_MS = 3_600_000;
const TOO_NEW_MS = 2 * HOUR_MS;
const TOO_OLD_MS = 14 * 24 * HOUR_MS;

/**
 * Throws InvalidParameter for a batch that is too large or not in order of time. AWS: 14 days back and 2 hours ahead.
 */
export const PutLogEvents: Operation<'PutLogEvents'> = (logs, input, context) => {
  checkBatch(input.logEvents);
  return logs.store.transaction(() => {
    const group = logs.records.groups.existing(context, input.logGroupName);
    const stream = logs.records.streams.existing(context, within(group.name, input.logStreamName));
    const { accepted, rejected } = partition(input.logEvents, group, logs.clock.now());
    const events = accepted.map((event) => ({ at: event.timestamp!, message: event.message! }));
    if (events.length > 0) {
      const first = stream.nextSequence;
      logs.logStore.append(context, stream, events);
      logs.metrics.appended(context, group.name, events);
      const numbered = events.map((event, index) => ({ ...event, sequence: first + index }));
      logs.subscriptions.appended(context, stream, numbered);
    }
    return {
      // AWS: the token is still returned, but no longer required or checked.
      nextSequenceToken: String(stream.nextSequence).padStart(56, '0'),
      ...(rejected && { rejectedLogEventsInfo: rejected }),
    };
  });
};

function checkBatch(events: readonly Event[]): void {
  let bytes = 0;
  let previous = Number.NEGATIVE_INFINITY;
  for (const { timestamp, message } of events) {
    if (!Number.isSafeInteger(timestamp))
      throw invalid('The timestamp of a log event must be a whole number.');
    if (timestamp! < previous) throw outOfOrder();
    previous = timestamp!;
    bytes += Buffer.byteLength(message!) + EVENT_OVERHEAD_BYTES;
  }
  if (bytes > MAX_BYTES) throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BYTES}`);
}

function partition(events: readonly Event[], group: GroupRecord, now: number) {
  const retentionMs = (group.retentionDays ?? Number.POSITIVE_INFINITY) * 24 * HOUR_MS;
  const expired = events.findLastIndex((event) => event.timestamp! < now - retentionMs);
  const tooOld = events.findLastIndex((event) => event.timestamp! < now - TOO_OLD_MS);
  const tooNew = events.findIndex((event) => event.timestamp! > now + TOO_NEW_MS);
  const accepted = events.slice(Math.max(expired, tooOld) + 1, tooNew < 0 ? undefined : tooNew);
  if (accepted.length === events.length) return { accepted };
  const rejected = {
    ...(expired >= 0 && { expiredLogEventEndIndex: expired + 1 }),
    ...(tooOld >= 0 && { tooOldLogEventEndIndex: tooOld + 1 }),
    ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
  };
  return { accepted, rejected };
}
