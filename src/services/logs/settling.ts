// Settles closed segments in the background, one after another: a thread writes their columns, without the events of
// deleted streams, and the record of the segment says so afterwards.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { LineFiles } from './line-files.ts';
import type { Settled } from './reading/settle.ts';
import type { Threads } from './reading/threads.ts';
import { type Records, type SegmentRecord, type StorageRecord, segmentKey } from './records.ts';
import type { SegmentPlace } from './segments/paths.ts';
import type { Keeping } from './segments/segment.ts';

/** Settles segments. */
export interface Settling {
  /** Settles the segment now or, if it is being settled, once more afterwards. Never throws. */
  settle(scope: Scope, group: string, number: number): void;
  /** Settles no further segments, and resolves when none is being settled. */
  stop(): Promise<void>;
}

/** What settling needs. */
export interface SettlingOptions {
  store: Store;
  records: Records;
  log: Log;
  threads: Threads;
  files: LineFiles;
  placeOf(storage: StorageRecord, segment: SegmentRecord): SegmentPlace;
  /** What stays in the segments of a group; `undefined` for one that was deleted. */
  keepingOf(scope: Scope, group: string): Keeping | undefined;
  /** Called in a transaction for a segment in which nothing is left. */
  drop(scope: Scope, storage: StorageRecord, segment: SegmentRecord): void;
  /** Called in a transaction: the stored bytes changed. */
  grow(storage: StorageRecord, bytes: number): void;
}

interface Work {
  done: Promise<void>;
  /** What stays has changed meanwhile. */
  isAskedAgain: boolean;
}

/** Nothing is settled before the first call. */
export function createSettling(options: SettlingOptions): Settling {
  const { store, records, log, threads, files, placeOf, keepingOf, drop, grow } = options;
  const { storages, segments } = records;
  const working = new Map<string, Work>();
  let isStopped = false;

  async function work(scope: Scope, group: string, number: number, own: Work): Promise<void> {
    do {
      own.isAskedAgain = false;
      const storage = storages.find(scope, group);
      const segment = segments.find(scope, segmentKey(group, number));
      const keeping = keepingOf(scope, group);
      if (!storage || !segment || segment.isSettled || !keeping || isStopped) return;
      const place = placeOf(storage, segment);
      const settled = await threads.ask({ kind: 'settle', place, keeping }).answer;
      const isSettled = !own.isAskedAgain;
      store.transaction(() => record(scope, storage.directory, segment, { ...settled, isSettled }));
    } while (own.isAskedAgain);
  }

  /** The group or the segment may have been deleted meanwhile, with the files that there were then. */
  function record(
    scope: Scope,
    directory: string,
    { group, number }: SegmentRecord,
    settled: Settled & { isSettled: boolean },
  ): void {
    const base = files.base(directory, number);
    const storage = storages.find(scope, group);
    const current = segments.find(scope, segmentKey(group, number));
    if (storage?.directory !== directory || !current) {
      store.afterCommit(() => files.remove(base));
    } else if (settled.events === 0) {
      drop(scope, storage, current);
    } else {
      grow(storage, settled.bytes - current.bytes);
      storages.put(scope, storage);
      segments.put(scope, { ...current, ...settled });
      store.afterCommit(() => files.removeLines(base));
    }
  }

  return {
    settle(scope, group, number) {
      const key = `${scopeKey(scope)} ${segmentKey(group, number)}`;
      const known = working.get(key);
      if (known) known.isAskedAgain = true;
      if (known || isStopped) return;
      const own: Work = { done: Promise.resolve(), isAskedAgain: false };
      working.set(key, own);
      own.done = work(scope, group, number, own)
        .catch((error: unknown) => {
          if (!isStopped) log.error({ error, group, number }, 'a segment of log events cannot be settled');
        })
        .then(() => void working.delete(key));
    },
    async stop() {
      isStopped = true;
      await Promise.all([...working.values()].map(({ done }) => done));
    },
  };
}
