// The context that every operation of Elastic Load Balancing receives. service.ts builds it once.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';

/** The context of Elastic Load Balancing's operations. */
export interface LoadBalancing {
  store: Store;
  clock: Clock;
  log: Log;
}
