// The context that every operation of STS receives. service.ts builds it once.

import type { Clock } from '../../kernel/clock.ts';

/** The context of STS's operations. */
export interface Sts {
  clock: Clock;
}
