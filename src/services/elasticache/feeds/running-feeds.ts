// Keeps the feeds that run in line with their records: starts, changes and ends them, and ends those whose cache was
// deleted.

import { setTimeout as pause } from 'node:timers/promises';
import type { Scope } from '../../../aws/scope.ts';
import type { EventLog } from '../../../control/event-log.ts';
import { createReconciler } from '../../../control/reconciler.ts';
import type { Feeds } from '../../../feed/feeds.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Collection, Store } from '../../../store/store.ts';
import { parseGroupKey, renderGroupKey } from '../clusters/controller/members.ts';
import type { ElastiCacheEvent } from '../events/domain/event.ts';
import type { Records } from '../records.ts';
import { cacheOf, type FeedRecord } from './record.ts';

/** The feeds that run. */
export interface RunningFeeds {
  /** The record of the feed with this name has changed, or is gone. Inside a transaction, it takes effect after it. */
  changed(scope: Scope, name: string): void;
  /** The group is gone, or may be. */
  groupChanged(scope: Scope, groupId: string): void;
  /**
   * Resolves when the feed runs as its record says. Rejects with an OperationalError that says why it does not; it is
   * tried again nevertheless.
   */
  settled(scope: Scope, name: string): Promise<void>;
  /** Why the feed does not run, if its last start failed. */
  failureOf(id: string): string | undefined;
  /** Whether some feed reads the cache with this group key. */
  isFollowed(groupKey: string): boolean;
  /** Starts all feeds. */
  begin(): void;
  stop(): Promise<void>;
}

/** What running feeds are made of. */
export interface RunningFeedsOptions {
  store: Store;
  records: Pick<Records, 'groups'>;
  feedRecords: Collection<FeedRecord>;
  feeds: Feeds;
  events: EventLog<ElastiCacheEvent>;
  clock: Clock;
  log: Log;
  /** Tells feeds of the nodes of a group. */
  showNodes(scope: Scope, groupId: string): void;
}

/** How long the last changes of a deleted cache may take to be delivered. */
const LAST_CHANGES_MS = 10_000;
const LOOK_MS = 100;

/** Starts nothing before `begin`. */
export function createRunningFeeds(options: RunningFeedsOptions): RunningFeeds {
  const { store, records, feedRecords, feeds, clock } = options;
  const log = options.log.child({ part: 'feeds' });
  /** By the key of the feed: what runs. */
  const running = new Map<string, { id: string; text: string; failure?: OperationalError }>();
  const waiters = new Map<string, Set<() => void>>();
  /** How many feeds each cache has. */
  const followed = new Map<string, number>();
  let hasBegun = false;
  const ending = new AbortController();
  const reconciler = createReconciler({ name: 'feeds', reconcile, log });

  function count(): void {
    followed.clear();
    for (const { scope, value } of feedRecords.listAll()) {
      const cache = cacheOf(value);
      if (cache === undefined) continue;
      const key = renderGroupKey(scope, cache);
      followed.set(key, (followed.get(key) ?? 0) + 1);
    }
  }

  const wake = (key: string) => hasBegun && reconciler.wake(key);

  async function reconcile(key: string): Promise<undefined> {
    const { scope, groupId: name } = parseGroupKey(key);
    const record = feedRecords.get(scope, name);
    const now = running.get(key);
    if (now && now.id !== record?.id) {
      await feeds.remove(now.id);
      running.delete(key);
    }
    const text = JSON.stringify(record?.configuration);
    if (record && running.get(key)?.text !== text) await set(key, scope, record, text);
    if (record && isOrphan(scope, record)) await end(scope, record);
    for (const done of [...(waiters.get(key) ?? [])]) done();
    return undefined;
  }

  async function set(key: string, scope: Scope, record: FeedRecord, text: string): Promise<void> {
    const { id, configuration } = record;
    const cache = cacheOf(record);
    if (cache !== undefined) options.showNodes(scope, cache);
    running.set(key, { id, text });
    try {
      await feeds.set({ id, scope, configuration });
      log.info({ feed: record.name }, 'a feed runs');
    } catch (error) {
      if (!(error instanceof OperationalError)) throw error;
      running.set(key, { id, text, failure: error });
      if (ending.signal.aborted || feedRecords.get(scope, record.name)?.id !== id) return;
      log.warn({ feed: record.name, err: error }, 'a feed does not run');
      report(scope, record, `Feed ${record.name} does not run: ${error.message}`);
    }
  }

  /** An event of the cache. */
  function report(scope: Scope, record: FeedRecord, message: string): void {
    const cache = cacheOf(record);
    if (cache === undefined) return;
    const isCluster = records.groups.get(scope, cache)?.kind === 'cache-cluster';
    const sourceType = isCluster ? 'cache-cluster' : 'replication-group';
    options.events.append(scope, clock.now(), { sourceType, sourceId: cache, message });
  }

  function isOrphan(scope: Scope, record: FeedRecord): boolean {
    const cache = cacheOf(record);
    return cache !== undefined && !records.groups.has(scope, cache);
  }

  /** After its last changes were delivered, or after a time limit. */
  async function end(scope: Scope, record: FeedRecord): Promise<void> {
    const cache = cacheOf(record)!;
    const limit = AbortSignal.any([ending.signal, AbortSignal.timeout(LAST_CHANGES_MS)]);
    const waits = () => (feeds.status(record.id)?.lagChanges ?? 0) > 0 && !limit.aborted;
    while (waits()) await pause(LOOK_MS, undefined, { signal: limit }).catch(() => undefined);
    if (ending.signal.aborted) return;
    const lost = feeds.status(record.id)?.lagChanges ?? 0;
    const rest = lost > 0 ? `; ${lost} changes were not delivered` : '';
    const message = `Feed ${record.name} ended because its cache was deleted${rest}`;
    store.transaction(() => {
      feedRecords.delete(scope, record.name);
      report(scope, record, message);
      changed(scope, record.name);
    });
    log.warn({ feed: record.name, cache }, message);
  }

  function changed(scope: Scope, name: string): void {
    store.afterCommit(() => {
      count();
      const key = renderGroupKey(scope, name);
      const now = running.get(key);
      // A start that is under way need not be waited for.
      if (now && now.id !== feedRecords.get(scope, name)?.id) void feeds.remove(now.id);
      wake(key);
    });
  }

  return {
    changed,
    groupChanged(scope, groupId) {
      if (!followed.has(renderGroupKey(scope, groupId)) || records.groups.has(scope, groupId)) return;
      for (const { name } of feedRecords.by(scope, 'cache', groupId)) wake(renderGroupKey(scope, name));
    },
    settled(scope, name) {
      const key = renderGroupKey(scope, name);
      return new Promise((resolve, reject) => {
        const all = waiters.get(key) ?? new Set();
        waiters.set(key, all);
        const done = () => {
          all.delete(done);
          if (all.size === 0) waiters.delete(key);
          const failure = running.get(key)?.failure;
          if (failure) reject(failure);
          else resolve();
        };
        all.add(done);
        reconciler.wake(key);
      });
    },
    failureOf: (id) => [...running.values()].find((each) => each.id === id)?.failure?.message,
    isFollowed: (groupKey) => followed.has(groupKey),
    begin() {
      hasBegun = true;
      count();
      for (const { scope, id } of feedRecords.listAll()) reconciler.wake(renderGroupKey(scope, id));
    },
    async stop() {
      ending.abort();
      // Ends the processes first: a start that is under way then ends.
      await feeds.stop();
      await reconciler.stop();
      for (const all of waiters.values()) for (const done of [...all]) done();
    },
  };
}
