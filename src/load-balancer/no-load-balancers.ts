// Load balancers that run nowhere: for services in tests, and where only records are read.

import type { LoadBalancers } from './load-balancers.ts';

/** Accepts every configuration; nothing listens, and no target is checked. */
export const noLoadBalancers: LoadBalancers = {
  connect() {},
  set: async () => [],
  remove: async () => {},
  health: () => new Map(),
  stop: async () => {},
};
