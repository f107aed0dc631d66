// Instances that run nowhere: for services in tests, and where only records are read.

import { OperationalError } from '../../kernel/errors.ts';
import type { Instances } from './instances.ts';

const WHY = 'No instances run here.';

/** Every start rejects, so instances are records only. */
export const noInstances: Instances = {
  whyNot: async () => WHY,
  abilities: async () => ({ users: 'one', files: 'layered', hasPackages: false, noSsh: WHY }),
  start: async () => {
    throw new OperationalError('NotRunning', WHY);
  },
  find: async () => [],
  running: () => undefined,
  console: async () => Buffer.alloc(0),
  remove: async () => {},
  prune: async () => {},
};
