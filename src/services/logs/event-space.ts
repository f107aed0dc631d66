// The space that events take: which segments a group has, appending to the open one, closing it, and deleting the
// oldest segments of a group, or of all groups, that take more than their bound. Segments are settled in the
// background: a thread writes their columns without the events of deleted streams.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { createLineFiles } from './line-files.ts';
import type { Threads } from './reading/threads.ts';
import { type Records, type SegmentRecord, type StorageRecord, segmentKey, within } from './records.ts';
import { type Batch, lineOf } from './segments/lines.ts';
import type { SegmentPlace } from './segments/paths.ts';
import type { Keeping } from './segments/segment.ts';
import { createSettling } from './settling.ts';

/** AWS: what CloudWatch Logs adds to the size of each message. */
export const EVENT_OVERHEAD_BYTES = 26;
/** A segment is closed when it has one of them. */
const SEGMENT_BYTES = 4 * 1024 * 1024;
const SEGMENT_EVENTS = 50_000;

/** How many bytes of events are kept, as AWS counts them. */
export interface EventBounds {
  groupBytes: number;
  allBytes: number;
}

/** The segments of all groups. Its methods that write are called within a transaction. */
export interface EventSpace {
  /** The storage of a group, which may be new. */
  storageOf(scope: Scope, group: string): StorageRecord;
  /** Appends the batch and writes the storage's record. `storage` is changed. */
  append(scope: Scope, storage: StorageRecord, batch: Batch): void;
  /** The segments with events from `from` on and before `to`, the oldest first. */
  places(scope: Scope, group: string, range: { from: number; to: number }): SegmentPlace[];
  storedBytes(scope: Scope, group: string): number;
  /** Deletes the segments all of whose events are older. */
  expire(scope: Scope, group: string, before: number): void;
  /** Has the events of deleted streams erased from the files. */
  eraseDeleted(scope: Scope, group: string): void;
  /** Deletes all segments of a group. */
  removeGroup(scope: Scope, group: string): void;
  /** Counts what there is, deletes what a crash left behind, and settles what is not settled. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What it needs. */
export interface EventSpaceOptions {
  store: Store;
  records: Records;
  log: Log;
  /** Where the files are. */
  directory: string;
  bounds: EventBounds;
  threads: Threads;
  /** What stays in the segments of a group; `undefined` for one that was deleted. */
  keepingOf(scope: Scope, group: string): Keeping | undefined;
}

/** Opens it. Nothing is read before `start`. */
export function createEventSpace(options: EventSpaceOptions): EventSpace {
  const { store, records, log, directory, bounds, threads, keepingOf } = options;
  const { storages, segments } = records;
  const files = createLineFiles(directory, log);
  let allBytes = 0;
  let isStopped = false;

  const placeOf = (storage: StorageRecord, segment: SegmentRecord): SegmentPlace => ({
    base: files.base(storage.directory, segment.number),
    lineBytes: segment.lineBytes,
    firstAt: segment.firstAt,
    lastAt: segment.lastAt,
    bytes: segment.bytes,
  });
  const closedOf = (scope: Scope, group: string) => segments.list(scope, { prefix: within(group) });
  const settling = createSettling({ store, records, log, threads, files, placeOf, keepingOf, drop, grow });
  const { settle } = settling;

  function grow(storage: StorageRecord, bytes: number): void {
    storage.storedBytes += bytes;
    store.afterCommit(() => {
      allBytes += bytes;
    });
  }

  /** The open segment becomes a closed one, and an empty one follows. */
  function close(scope: Scope, storage: StorageRecord): void {
    const closed = storage.open;
    if (closed.events === 0) return;
    segments.put(scope, closed);
    storage.open = emptySegment(storage.group, closed.number + 1);
    store.afterCommit(() => settle(scope, storage.group, closed.number));
  }

  /** Deletes a closed segment, or the open one when there is no other. */
  function drop(scope: Scope, storage: StorageRecord, segment: SegmentRecord): void {
    if (segment.number === storage.open.number)
      storage.open = emptySegment(storage.group, segment.number + 1);
    else segments.remove(scope, segmentKey(storage.group, segment.number));
    grow(storage, -segment.bytes);
    storages.put(scope, storage);
    const base = files.base(storage.directory, segment.number);
    store.afterCommit(() => files.remove(base));
  }

  /** Deletes the oldest segments of the group until it is within its bound. */
  function keepGroupWithin(scope: Scope, storage: StorageRecord): void {
    if (storage.storedBytes <= bounds.groupBytes) return;
    for (const segment of closedOf(scope, storage.group)) {
      drop(scope, storage, segment);
      if (storage.storedBytes <= bounds.groupBytes) return;
    }
  }

  /** Deletes the segments with the oldest last event until all groups together are within their bound. */
  async function keepAllWithin(): Promise<void> {
    const oldest: { scope: Scope; segment: SegmentRecord }[] = [];
    for await (const batch of segments.everywhere()) {
      oldest.push(...batch.map(({ scope, value }) => ({ scope, segment: value })));
    }
    for await (const batch of storages.everywhere()) {
      oldest.push(...batch.map(({ scope, value }) => ({ scope, segment: value.open })));
    }
    oldest.sort((a, b) => a.segment.lastAt - b.segment.lastAt);
    for (const { scope, segment } of oldest) {
      if (allBytes <= bounds.allBytes || isStopped) return;
      store.transaction(() => {
        const storage = storages.find(scope, segment.group);
        if (!storage) return;
        const isOpen = segment.number === storage.open.number;
        const current = isOpen
          ? storage.open
          : segments.find(scope, segmentKey(segment.group, segment.number));
        if (current && current.events > 0) drop(scope, storage, current);
      });
    }
  }

  let shrinking: Promise<void> | undefined;
  function shrinkIfNeeded(): void {
    if (allBytes <= bounds.allBytes || shrinking || isStopped) return;
    shrinking = keepAllWithin()
      .catch((error: unknown) => log.error({ error }, 'old log events cannot be deleted'))
      .then(() => {
        shrinking = undefined;
      });
  }

  return {
    storageOf: (scope, group) =>
      storages.find(scope, group) ?? {
        ...{ group, directory: randomHex(16), nextStream: 1, storedBytes: 0 },
        open: emptySegment(group, 1),
      },
    append(scope, storage, batch) {
      const { open } = storage;
      const line = lineOf(batch);
      files.append(files.base(storage.directory, open.number), open.lineBytes, line);
      open.lineBytes += line.length;
      open.events += batch.events.length;
      let bytes = 0;
      for (const { at, message } of batch.events) {
        bytes += Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
        open.firstAt = Math.min(open.firstAt, at);
        open.lastAt = Math.max(open.lastAt, at);
      }
      open.bytes += bytes;
      grow(storage, bytes);
      if (open.bytes >= SEGMENT_BYTES || open.events >= SEGMENT_EVENTS) close(scope, storage);
      storages.put(scope, storage);
      keepGroupWithin(scope, storage);
      store.afterCommit(shrinkIfNeeded);
    },
    places(scope, group, { from, to }) {
      const storage = storages.find(scope, group);
      if (!storage) return [];
      return [...closedOf(scope, group), storage.open]
        .filter(({ events, firstAt, lastAt }) => events > 0 && lastAt >= from && firstAt < to)
        .map((segment) => placeOf(storage, segment));
    },
    storedBytes: (scope, group) => storages.find(scope, group)?.storedBytes ?? 0,
    expire(scope, group, before) {
      const storage = storages.find(scope, group);
      if (!storage) return;
      for (const segment of [...closedOf(scope, group), storage.open]) {
        if (segment.events > 0 && segment.lastAt < before) drop(scope, storage, segment);
      }
    },
    eraseDeleted(scope, group) {
      const storage = storages.find(scope, group);
      if (!storage) return;
      close(scope, storage);
      storages.put(scope, storage);
      for (const segment of closedOf(scope, group)) {
        segments.put(scope, { ...segment, isSettled: false });
        store.afterCommit(() => settle(scope, group, segment.number));
      }
    },
    removeGroup(scope, group) {
      const storage = storages.find(scope, group);
      if (!storage) return;
      for (const { number } of closedOf(scope, group)) segments.remove(scope, segmentKey(group, number));
      storages.remove(scope, group);
      grow(storage, -storage.storedBytes);
      store.afterCommit(() => files.removeDirectory(storage.directory));
    },
    async start() {
      const known = new Map<string, Set<number>>();
      const unsettled: (() => void)[] = [];
      const directories = new Map<string, string>();
      const keyOf = (scope: Scope, group: string) => `${scopeKey(scope)} ${group}`;
      for await (const batch of storages.everywhere()) {
        for (const { scope, value } of batch) {
          allBytes += value.storedBytes;
          known.set(value.directory, new Set([value.open.number]));
          directories.set(keyOf(scope, value.group), value.directory);
        }
      }
      for await (const batch of segments.everywhere()) {
        for (const { scope, value } of batch) {
          known.get(directories.get(keyOf(scope, value.group)) ?? '')?.add(value.number);
          if (!value.isSettled) unsettled.push(() => settle(scope, value.group, value.number));
        }
      }
      await files.removeAllBut((name, number) =>
        number === undefined ? known.has(name) : known.get(name)?.has(number) === true,
      );
      // Only now: the files that settling writes are not known above.
      for (const settleOne of unsettled) settleOne();
      shrinkIfNeeded();
    },
    async stop() {
      isStopped = true;
      await Promise.all([settling.stop(), shrinking]);
      await files.close();
    },
  };
}

const emptySegment = (group: string, number: number): SegmentRecord => ({
  ...{ group, number, lineBytes: 0, events: 0, bytes: 0, isSettled: false },
  firstAt: Number.MAX_SAFE_INTEGER,
  lastAt: 0,
});
