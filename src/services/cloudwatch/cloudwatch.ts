// What every operation is given: the metrics, their points, the time.

import type { Clock } from '../../kernel/clock.ts';
import type { HandlerOf, OperationName } from '../../wire/service.ts';
import type { MetricIndex } from './metric-index.ts';
import type { PointStore } from './point-store.ts';

export type Sdk = typeof import('@aws-sdk/client-cloudwatch');
export type Operation<N extends OperationName<Sdk>> = HandlerOf<Sdk, N>;

export interface CloudWatch {
  index: MetricIndex;
  points: PointStore;
  clock: Clock;
}

/** In whole seconds since the epoch. */
export const nowOf = ({ clock }: CloudWatch): number => Math.floor(clock.now() / 1000);
