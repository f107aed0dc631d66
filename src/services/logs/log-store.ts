// Stores the events of log streams in chunks of some kilobytes, so that appending an event writes one chunk. Bounded:
// a stream drops its oldest chunks and a group its oldest streams, whatever the retention is.

import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import { turnEnd } from '../../kernel/turn.ts';
import type { Store } from '../../store/store.ts';
import { streamExists } from './faults.ts';
import { type GroupRecord, type LogEvent, type Records, type StreamRecord, within } from './records.ts';

const CHUNK_BYTES = 16_384;
/** 4 MiB for each stream. */
const CHUNKS_PER_STREAM = 256;
const STREAMS_PER_GROUP = 1_000;
const DAY_MS = 86_400_000;
/** AWS: what CloudWatch Logs adds to the size of each message. */
const EVENT_OVERHEAD_BYTES = 26;

interface Chunk {
  bytes: number;
  events: LogEvent[];
}

/** The streams and events of log groups. */
export interface LogStore {
  /** Deletes a group with its streams and filters, in small transactions, the group last. */
  removeGroup(scope: Scope, name: string): Promise<void>;
  /** Throws ResourceAlreadyExists. Deletes the stream with the oldest last write if the group is full. */
  addStream(scope: Scope, group: string, name: string): void;
  removeStream(scope: Scope, stream: StreamRecord): void;
  /** Call it within a transaction. Updates `stream`. Times are in milliseconds since the epoch. */
  append(scope: Scope, stream: StreamRecord, events: readonly { at: number; message: string }[]): void;
  /** The stored events within the range and the group's retention, chunk by chunk, in no particular order. */
  events(
    scope: Scope,
    group: GroupRecord,
    stream: StreamRecord,
    within: EventRange,
  ): AsyncIterable<LogEvent[]>;
}

/** Times in milliseconds since the epoch. */
export interface EventRange {
  /** Inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
}

/** Opens the collection of chunks in the store. */
export function openLogStore(store: Store, clock: Clock, records: Records): LogStore {
  const { groups, streams, filters } = records;
  const chunks = store.collection<Chunk>('logs/chunk');
  const chunkKey = (stream: StreamRecord, number: number) => `${within(stream.group, stream.name)}:${number}`;

  const logStore: LogStore = {
    async removeGroup(scope, name) {
      groups.existing(scope, name);
      const prefix = within(name);
      const removeOne = () =>
        store.transaction(() => {
          const [stream] = streams.list(scope, { prefix, limit: 1 });
          if (stream) logStore.removeStream(scope, stream);
          else {
            for (const filter of filters.list(scope, { prefix })) {
              filters.remove(scope, within(name, filter.name));
            }
            groups.remove(scope, name);
          }
          return stream !== undefined;
        });
      while (removeOne()) await turnEnd();
    },
    addStream(scope, group, name) {
      if (streams.find(scope, within(group, name))) throw streamExists();
      const prefix = within(group);
      if (streams.count(scope, prefix) >= STREAMS_PER_GROUP) {
        logStore.removeStream(scope, leastRecent(streams.list(scope, { prefix })));
      }
      streams.add(scope, {
        group,
        name,
        createdAt: clock.now(),
        firstChunk: 0,
        lastChunk: -1,
        nextSequence: 0,
        storedBytes: 0,
      });
    },
    removeStream(scope, stream) {
      for (let number = stream.firstChunk; number <= stream.lastChunk; number++) {
        chunks.delete(scope, chunkKey(stream, number));
      }
      streams.remove(scope, within(stream.group, stream.name));
      grow(scope, stream.group, -stream.storedBytes);
    },
    append(scope, stream, given) {
      const ingestedAt = clock.now();
      const bytesBefore = stream.storedBytes;
      let chunk = chunks.get(scope, chunkKey(stream, stream.lastChunk));
      for (const { at, message } of given) {
        if (!chunk || chunk.bytes >= CHUNK_BYTES) {
          if (chunk) chunks.put(scope, chunkKey(stream, stream.lastChunk), chunk);
          stream.lastChunk += 1;
          chunk = { bytes: 0, events: [] };
        }
        const bytes = Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
        chunk.events.push({ sequence: stream.nextSequence++, at, ingestedAt, message });
        chunk.bytes += bytes;
        stream.storedBytes += bytes;
        stream.firstEventAt = Math.min(stream.firstEventAt ?? at, at);
        stream.lastEventAt = Math.max(stream.lastEventAt ?? at, at);
      }
      if (chunk) chunks.put(scope, chunkKey(stream, stream.lastChunk), chunk);
      stream.lastIngestedAt = ingestedAt;
      forgetOldest(scope, stream);
      streams.put(scope, stream);
      grow(scope, stream.group, stream.storedBytes - bytesBefore);
    },
    async *events(scope, group, stream, { from, to }) {
      const kept = group.retentionDays === undefined ? 0 : clock.now() - group.retentionDays * DAY_MS;
      const least = Math.max(from, kept);
      if (stream.lastEventAt === undefined || stream.lastEventAt < least) return;
      if (stream.firstEventAt! >= to) return;
      for (let number = stream.firstChunk; number <= stream.lastChunk; number++) {
        await turnEnd();
        const events = chunks.get(scope, chunkKey(stream, number))?.events ?? [];
        yield events.filter(({ at }) => at >= least && at < to);
      }
    },
  };

  function grow(scope: Scope, group: string, bytes: number): void {
    const record = groups.find(scope, group);
    if (record) groups.put(scope, { ...record, storedBytes: record.storedBytes + bytes });
  }

  /** Drops the oldest chunks of a stream that has too many. */
  function forgetOldest(scope: Scope, stream: StreamRecord): void {
    while (stream.lastChunk - stream.firstChunk >= CHUNKS_PER_STREAM) {
      const key = chunkKey(stream, stream.firstChunk);
      stream.storedBytes -= chunks.get(scope, key)?.bytes ?? 0;
      chunks.delete(scope, key);
      stream.firstChunk += 1;
    }
  }

  return logStore;
}

function leastRecent(streams: readonly StreamRecord[]): StreamRecord {
  const at = (stream: StreamRecord) => stream.lastIngestedAt ?? stream.createdAt;
  return streams.reduce((oldest, stream) => (at(stream) < at(oldest) ? stream : oldest));
}
