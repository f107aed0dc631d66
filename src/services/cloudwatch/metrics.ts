// The metrics and their points: the context of everything that reads or writes them.

import type { Clock } from '../../kernel/clock.ts';
import type { MetricIndex } from './metric-index.ts';
import type { PointStore } from './point-store.ts';

/** The metrics, their points and the time: what reading metrics needs. */
export interface Metrics {
  index: MetricIndex;
  points: PointStore;
  clock: Clock;
}

/** In whole seconds since the epoch. */
export const nowOf = ({ clock }: Metrics): number => Math.floor(clock.now() / 1000);
