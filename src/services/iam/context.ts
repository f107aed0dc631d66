// The context that every operation of IAM receives. service.ts builds it once.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Records } from './records.ts';

/** The context of IAM's operations. */
export interface Iam {
  store: Store;
  clock: Clock;
  records: Records;
}
