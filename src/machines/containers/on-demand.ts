// Opens the engine of containers when the first one is needed: probing this machine takes time that a Millpond without
// tasks need not spend.

import { existsSync } from 'node:fs';
import { openedOnce, whyNotOpened } from '../opened-once.ts';
import type { Containers } from './containers.ts';
import { type OwnContainersOptions, openContainers } from './own-containers.ts';

/** `Containers` that are opened by the first call that needs them. */
export function containersOnDemand(options: OwnContainersOptions): Containers {
  const engine = openedOnce(() => openContainers(options));

  /** Without a directory there is nothing to find or delete. */
  const isUsed = () => engine.hasBegun || existsSync(options.directory);

  return {
    whyNot: () => whyNotOpened(engine),
    prepare: async (image) => (await engine.get()).prepare(image),
    start: async (spec) => (await engine.get()).start(spec),
    find: async () => (isUsed() ? (await engine.get()).find() : []),
    removeVolumes: async (names) => (isUsed() ? (await engine.get()).removeVolumes(names) : undefined),
    prune: async (keep) => (isUsed() ? (await engine.get()).prune(keep) : undefined),
  };
}
