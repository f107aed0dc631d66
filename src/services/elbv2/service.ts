// Elastic Load Balancing, version 2: application load balancers. The records are here; the servers that take requests run
// in a process of their own (src/load-balancer/).

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { LoadBalancing } from './context.ts';
import { operations } from './operations.ts';
import type { Sdk } from './sdk.ts';

/** What `createLoadBalancing` needs. */
export interface LoadBalancingDependencies {
  store: Store;
  clock: Clock;
  log: Log;
}

/** Builds Elastic Load Balancing. */
export function createLoadBalancing({ store, clock, ...dependencies }: LoadBalancingDependencies): {
  service: Service;
} {
  const log = dependencies.log.child({ service: 'elbv2' });
  return {
    service: defineService<Sdk, LoadBalancing>('elasticloadbalancing', { store, clock, log }, operations, {
      constraints,
    }),
  };
}
