// What every operation of IAM is given. Built once, by service.ts.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Records } from './records.ts';

export interface Iam {
  store: Store;
  clock: Clock;
  records: Records;
}
