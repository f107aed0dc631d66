// Finds out how instances run here when the first one is needed: trying this machine out takes time that a Millpond
// without instances need not spend.

import { existsSync } from 'node:fs';
import { OperationalError } from '../../kernel/errors.ts';
import { openedOnce, whyNotOpened } from '../opened-once.ts';
import type { InstanceAbilities, Instances } from './instances.ts';
import { type OwnInstancesOptions, openInstances } from './own-instances.ts';

/** `Instances` that are opened by the first call that needs them. */
export function instancesOnDemand(options: OwnInstancesOptions): Instances {
  let opened: Instances | undefined;
  const engine = openedOnce(async () => (opened = await openInstances(options)));

  /** Without a directory there is nothing to find or delete. */
  const isUsed = () => engine.hasBegun || existsSync(options.directory);

  return {
    whyNot: () => whyNotOpened(engine),
    async abilities(): Promise<InstanceAbilities> {
      try {
        return await (await engine.get()).abilities();
      } catch (error) {
        if (!(error instanceof OperationalError)) throw error;
        return { users: 'one', files: 'layered', hasPackages: false, noSsh: error.message };
      }
    },
    start: async (spec) => (await engine.get()).start(spec),
    find: async () => (isUsed() ? (await engine.get()).find() : []),
    running: (id) => opened?.running(id),
    console: async (id) => (isUsed() ? (await engine.get()).console(id) : Buffer.alloc(0)),
    remove: async (id) => (isUsed() ? (await engine.get()).remove(id) : undefined),
    prune: async (keep) => (isUsed() ? (await engine.get()).prune(keep) : undefined),
  };
}
