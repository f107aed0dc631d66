// Finds out how instances run here when the first one is needed: trying this machine out takes time that a Millpond
// without instances need not spend.

import { existsSync } from 'node:fs';
import { OperationalError } from '../../kernel/errors.ts';
import type { InstanceAbilities, Instances } from './instances.ts';
import { type OwnInstancesOptions, openInstances } from './own-instances.ts';

/** `Instances` that are opened by the first call that needs them. */
export function instancesOnDemand(options: OwnInstancesOptions): Instances {
  let opening: Promise<Instances> | undefined;
  let opened: Instances | undefined;

  function open(): Promise<Instances> {
    opening ??= openInstances(options).catch((error) => {
      // The cause may be gone at the next attempt.
      opening = undefined;
      throw error;
    });
    opening.then((instances) => (opened = instances)).catch(() => {});
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
    async abilities(): Promise<InstanceAbilities> {
      try {
        return await (await open()).abilities();
      } catch (error) {
        if (!(error instanceof OperationalError)) throw error;
        return { users: 'one', files: 'layered', hasPackages: false, noSsh: error.message };
      }
    },
    start: async (spec) => (await open()).start(spec),
    find: async () => (isUsed() ? (await open()).find() : []),
    running: (id) => opened?.running(id),
    console: async (id) => (isUsed() ? (await open()).console(id) : Buffer.alloc(0)),
    remove: async (id) => (isUsed() ? (await open()).remove(id) : undefined),
    prune: async (keep) => (isUsed() ? (await open()).prune(keep) : undefined),
  };
}
