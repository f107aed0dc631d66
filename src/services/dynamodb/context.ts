// The context that every operation of DynamoDB receives. service.ts builds it once.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';

/** The context of DynamoDB's operations. */
export interface DynamoDb {
  store: Store;
  clock: Clock;
  log: Log;
}
