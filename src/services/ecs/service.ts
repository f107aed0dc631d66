// ECS: clusters, task definitions and tasks. The containers of a task are run by machines/containers/.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Ecs } from './context.ts';
import { operations } from './operations.ts';
import type { Sdk } from './sdk.ts';

/** What `createEcs` needs. */
export interface EcsDependencies {
  store: Store;
  clock: Clock;
  log: Log;
}

/** Builds ECS. */
export function createEcs({ store, clock, ...dependencies }: EcsDependencies): { service: Service } {
  const log = dependencies.log.child({ service: 'ecs' });
  return { service: defineService<Sdk, Ecs>('ecs', { store, clock, log }, operations, { constraints }) };
}
