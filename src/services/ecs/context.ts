// The context that every operation of ECS receives. service.ts builds it once.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';

/** The context of ECS's operations. */
export interface Ecs {
  store: Store;
  clock: Clock;
  log: Log;
}
