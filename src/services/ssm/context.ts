// What every operation of SSM is given. Built once, by service.ts.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Records } from './records.ts';
import type { Seal } from './seal.ts';

export interface Ssm {
  store: Store;
  clock: Clock;
  records: Records;
  /** Of SecureStrings. */
  seal: Seal;
}
