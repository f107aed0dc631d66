// Deletes what AWS forgets after a while: tasks that have stopped, deleted clusters, client tokens. Prunes images.

import type { Scope } from '../../aws/scope.ts';
import type { Log } from '../../kernel/log.ts';
import type { Containers } from '../../machines/containers/containers.ts';
import type { Ecs } from './context.ts';

/** AWS: stopped tasks are shown for at least an hour. */
const STOPPED_LIFE_MS = 60 * 60 * 1_000;
const TOKEN_LIFE_MS = 24 * 60 * 60 * 1_000;
/** Of all accounts; the oldest go first. */
const MOST_STOPPED = 2_000;
const EVERY_MS = 60_000;

/** Deletes in the background. */
export interface Sweeper {
  start(): void;
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

/** Does nothing until `start`. */
export function createSweeper(
  { records, clock, ...ecs }: Pick<Ecs, 'records' | 'clock' | 'store'>,
  containers: () => Promise<Containers>,
  log: Log,
): Sweeper {
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();

  const hasTasks = (scope: Scope, cluster: string) =>
    records.tasks.inOrderOf(scope, 'wanted', { prefix: `${cluster} `, limit: 1 }).length > 0;

  async function sweep(): Promise<void> {
    const now = clock.now();
    const digests = new Set<string>();
    const stopped: { scope: Scope; id: string; at: number }[] = [];
    for await (const batch of records.tasks.everywhere()) {
      for (const { scope, id, value } of batch) {
        for (const { imageDigest } of value.containers) if (imageDigest) digests.add(imageDigest);
        if (value.lastStatus === 'STOPPED') stopped.push({ scope, id, at: value.stoppedAt ?? 0 });
      }
    }
    stopped.sort((a, b) => b.at - a.at);
    const forgotten = stopped.filter(({ at }, index) => at + STOPPED_LIFE_MS < now || index >= MOST_STOPPED);
    ecs.store.transaction(() => {
      for (const { scope, id } of forgotten) records.tasks.remove(scope, id);
    });
    for await (const batch of records.clientTokens.everywhere()) {
      for (const { scope, id, value } of batch) {
        if (value.at + TOKEN_LIFE_MS < now) records.clientTokens.delete(scope, id);
      }
    }
    for await (const batch of records.clusters.everywhere()) {
      for (const { scope, id, value } of batch) {
        const isForgotten = value.status === 'INACTIVE' && (value.deletedAt ?? 0) + STOPPED_LIFE_MS < now;
        if (isForgotten && !hasTasks(scope, id)) records.clusters.remove(scope, id);
      }
    }
    if (forgotten.length > 0) await (await containers()).prune(digests);
  }

  function next(): void {
    timer = setTimeout(() => {
      sweeping = sweep().catch((error) => log.warn({ err: error }, 'old tasks could not be deleted'));
      void sweeping.then(() => timer && next());
    }, EVERY_MS).unref();
  }

  return {
    start: next,
    sweep,
    async stop() {
      clearTimeout(timer);
      timer = undefined;
      await sweeping;
    },
  };
}
