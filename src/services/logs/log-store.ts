// Log groups, streams and events. Events lie in chunks of some kilobytes, so that writing one costs no more than a
// chunk. Bounded: a stream forgets its oldest chunks, a group its oldest streams, whatever the retention says.

import type { Clock } from '../../kernel/clock.ts';
import type { Scope } from '../../kernel/scope.ts';
import type { Store } from '../../store/store.ts';
import { groupExists, limitExceeded, noSuchGroup, noSuchStream, streamExists } from './faults.ts';
import type { GroupRecord, LogEvent, StreamRecord } from './records.ts';

const CHUNK_BYTES = 16_384;
/** 4 MiB a stream. */
const CHUNKS_PER_STREAM = 256;
const STREAMS_PER_GROUP = 1_000;
const GROUPS = 10_000;
const DAY_MS = 86_400_000;
/** As CloudWatch Logs counts what an event costs beside its message. */
const EVENT_OVERHEAD_BYTES = 26;

interface Chunk {
  bytes: number;
  events: LogEvent[];
}

export interface LogStore {
  groups(scope: Scope): GroupRecord[];
  /** Throws ResourceNotFoundException. */
  group(scope: Scope, name: string): GroupRecord;
  addGroup(scope: Scope, group: GroupRecord): void;
  putGroup(scope: Scope, group: GroupRecord): void;
  removeGroup(scope: Scope, name: string): void;
  streams(scope: Scope, group: string): StreamRecord[];
  /** Throws ResourceNotFoundException. */
  stream(scope: Scope, group: string, name: string): StreamRecord;
  addStream(scope: Scope, group: string, name: string): void;
  removeStream(scope: Scope, stream: StreamRecord): void;
  append(scope: Scope, stream: StreamRecord, events: readonly { at: number; message: string }[]): void;
  /** All that are kept and not past the group's retention, in order of time. */
  events(scope: Scope, group: GroupRecord, stream: StreamRecord): LogEvent[];
  transaction<T>(work: () => T): T;
  now(): number;
}

const streamKey = (group: string, name: string): string => `${group}:${name}`;

export function openLogStore(store: Store, clock: Clock): LogStore {
  const groups = store.collection<GroupRecord>('logs/group');
  const streams = store.collection<StreamRecord>('logs/stream');
  const chunks = store.collection<Chunk>('logs/chunk');
  const chunkKey = (stream: StreamRecord, number: number) =>
    `${streamKey(stream.group, stream.name)}:${number}`;

  const logs: LogStore = {
    groups: (scope) => groups.list(scope),
    group(scope, name) {
      const found = groups.get(scope, name);
      if (!found) throw noSuchGroup();
      return found;
    },
    addGroup(scope, group) {
      if (groups.get(scope, group.name)) throw groupExists();
      if (groups.list(scope).length >= GROUPS) throw limitExceeded();
      groups.put(scope, group.name, group);
    },
    putGroup: (scope, group) => groups.put(scope, group.name, group),
    removeGroup(scope, name) {
      for (const stream of logs.streams(scope, name)) logs.removeStream(scope, stream);
      groups.delete(scope, name);
    },
    streams: (scope, group) => streams.list(scope).filter((stream) => stream.group === group),
    stream(scope, group, name) {
      const found = streams.get(scope, streamKey(group, name));
      if (!found) throw noSuchStream();
      return found;
    },
    addStream(scope, group, name) {
      if (streams.get(scope, streamKey(group, name))) throw streamExists();
      const present = logs.streams(scope, group);
      if (present.length >= STREAMS_PER_GROUP) logs.removeStream(scope, leastRecent(present));
      streams.put(scope, streamKey(group, name), {
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
      streams.delete(scope, streamKey(stream.group, stream.name));
    },
    append(scope, stream, given) {
      const ingestedAt = clock.now();
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
      streams.put(scope, streamKey(stream.group, stream.name), stream);
    },
    events(scope, group, stream) {
      const oldest = group.retentionDays === undefined ? 0 : clock.now() - group.retentionDays * DAY_MS;
      const all: LogEvent[] = [];
      for (let number = stream.firstChunk; number <= stream.lastChunk; number++) {
        const events = chunks.get(scope, chunkKey(stream, number))?.events ?? [];
        for (const event of events) if (event.at >= oldest) all.push(event);
      }
      return all.sort((a, b) => a.at - b.at || a.sequence - b.sequence);
    },
    transaction: (work) => store.transaction(work),
    now: () => clock.now(),
  };

  /** A stream keeps so many chunks and no more. */
  function forgetOldest(scope: Scope, stream: StreamRecord): void {
    while (stream.lastChunk - stream.firstChunk >= CHUNKS_PER_STREAM) {
      const key = chunkKey(stream, stream.firstChunk);
      stream.storedBytes -= chunks.get(scope, key)?.bytes ?? 0;
      chunks.delete(scope, key);
      stream.firstChunk += 1;
    }
  }

  return logs;
}

function leastRecent(streams: readonly StreamRecord[]): StreamRecord {
  const at = (stream: StreamRecord) => stream.lastIngestedAt ?? stream.createdAt;
  return streams.reduce((oldest, stream) => (at(stream) < at(oldest) ? stream : oldest));
}
