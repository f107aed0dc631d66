// Deletes what nothing refers to any more: the contents of deleted repositories at once; layers that no image has used
// for an hour, and uploads that got no bytes for a day, every hour. It works in batches.

import type { Scope } from '../../aws/scope.ts';
import { createBackground } from '../../control/background.ts';
import type { Ecr } from './context.ts';
import { removeLayer } from './layers.ts';
import { contentKey, contentsOf, tagKey } from './records.ts';

/** The deletion of content in the background. */
export interface Sweeper {
  /** Schedules the deletion of the contents of a repository. Call it in the transaction that deletes its record. */
  abandon(scope: Scope, repository: string): void;
  /** Sweeps now and then every hour. */
  start(): void;
  /** Resolves once no deletion is running. The next start deletes the rest. */
  stop(): Promise<void>;
  /** Sweeps once. For tests. */
  sweep(): Promise<void>;
}

const HOUR_MS = 60 * 60 * 1_000;
/** How long a layer without an image is kept: a client may have found it, and not have pushed its image yet. */
const UNUSED_LAYER_MS = HOUR_MS;

/** Nothing is deleted before `start`, except the contents of deleted repositories. */
export function createSweeper(ecr: Ecr): Sweeper {
  const { records, store, blobs, clock, log } = ecr;
  const background = createBackground({ log, failure: 'images could not be deleted' });

  async function empty(scope: Scope, repository: string): Promise<void> {
    const prefix = contentsOf(repository);
    for await (const batch of records.images.batches(scope, { prefix })) {
      if (background.isStopped) return;
      store.transaction(() => {
        for (const { value } of batch) {
          records.images.delete(scope, contentKey(repository, value.digest));
          store.afterCommit(() => blobs.abandon(value.digest));
        }
      });
    }
    for await (const batch of records.tags.batches(scope, { prefix })) {
      store.transaction(() => {
        for (const { value } of batch) records.tags.delete(scope, tagKey(repository, value.tag));
      });
    }
    for await (const batch of records.layers.batches(scope, { prefix })) {
      if (background.isStopped) return;
      store.transaction(() => {
        for (const { value } of batch) removeLayer(ecr, scope, { id: repository }, value.digest);
      });
    }
    for await (const batch of records.uploads.batches(scope)) {
      for (const { value } of batch) if (value.repository === repository) await ecr.uploads.end(scope, value);
    }
    records.deleted.delete(scope, repository);
  }

  async function removeUnusedLayers(): Promise<void> {
    for await (const batch of records.layers.everywhere()) {
      if (background.isStopped) return;
      const due = clock.now() - UNUSED_LAYER_MS;
      store.transaction(() => {
        for (const { scope, value } of batch) {
          if (value.unusedSince === undefined || value.unusedSince > due) continue;
          removeLayer(ecr, scope, { id: value.repository }, value.digest);
        }
      });
    }
  }

  async function sweep(): Promise<void> {
    for await (const batch of records.deleted.everywhere()) {
      for (const { scope, id } of batch) await empty(scope, id);
    }
    await removeUnusedLayers();
    await ecr.uploads.sweep();
  }

  return {
    abandon(scope, repository) {
      records.deleted.put(scope, repository, {});
      store.afterCommit(() => void background.add(() => empty(scope, repository)));
    },
    start: () => background.repeat(sweep, HOUR_MS),
    stop: background.stop,
    sweep: () => background.add(sweep),
  };
}
