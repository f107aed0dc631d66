// Opens the engine of containers when the first one is needed: probing this machine takes time that a Millpond without
// tasks need not spend.

import { existsSync } from 'node:fs';
import { OperationalError } from '../../kernel/errors.ts';
import type { Containers } from './containers.ts';
import { type OwnContainersOptions, openContainers } from './own-containers.ts';

/** `Containers` that are opened by the first call that needs them. */
export function containersOnDemand(options: OwnContainersOptions): Containers {
  let opening: Promise<Containers> | undefined;

  function open(): Promise<Containers> {
    opening ??= openContainers(options).catch((error) => {
      // The cause may be gone at the next attempt.
      opening = undefined;
      throw error;
    });
    return opening;
  }

  /** Without a directory there is nothing to find or delete. */
  const isUsed = () => opening !== undefined || existsSync(options.directory);

  return {
    async whyNot() {
      try {
        return await (await open()).whyNot();
      } catch (error) {
        if (error instanceof OperationalError) return error.message;
        throw error;
      }
    },
    prepare: async (image) => (await open()).prepare(image),
    start: async (spec) => (await open()).start(spec),
    find: async () => (isUsed() ? (await open()).find() : []),
    removeVolumes: async (names) => (isUsed() ? (await open()).removeVolumes(names) : undefined),
    prune: async (keep) => (isUsed() ? (await open()).prune(keep) : undefined),
  };
}
