// What every operation of STS is given. Built once, by service.ts.

import type { Clock } from '../../kernel/clock.ts';

export interface Sts {
  clock: Clock;
}
