// What every operation of CloudWatch is given: the metrics, their points, the time. Built once, by service.ts.

import type { Clock } from '../../kernel/clock.ts';
import type { MetricIndex } from './metric-index.ts';
import type { PointStore } from './point-store.ts';

export interface CloudWatch {
  index: MetricIndex;
  points: PointStore;
  clock: Clock;
}

/** In whole seconds since the epoch. */
export const nowOf = ({ clock }: CloudWatch): number => Math.floor(clock.now() / 1000);
