// The context that every operation of DynamoDB receives. service.ts builds it once.

import type { Clock } from '../../kernel/clock.ts';
import type { Capacity } from './capacity.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Storage } from './storage/storage.ts';

/** The context of DynamoDB's operations. */
export interface DynamoDb {
  storage: Storage;
  lifecycle: Lifecycle;
  clock: Clock;
  capacity: Capacity;
}
