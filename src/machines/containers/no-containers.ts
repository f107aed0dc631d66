// An engine that runs no containers: for services in tests, and where only records are read.

import { OperationalError } from '../../kernel/errors.ts';
import type { Containers } from './containers.ts';

const NONE = 'No container can run here.';

const refuse = () => Promise.reject(new OperationalError('ContainersUnavailable', NONE));

export const noContainers: Containers = {
  whyNot: async () => NONE,
  prepare: refuse,
  start: refuse,
  find: async () => [],
  removeVolumes: async () => {},
  prune: async () => {},
};
