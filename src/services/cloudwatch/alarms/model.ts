// The types of an alarm as it is stored.

import type { GivenQuery } from '../domain/metric-queries.ts';

/** AWS's states. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
/** What a missing datapoint counts as: AWS's TreatMissingData. */
export type Missing = 'missing' | 'ignore' | 'breaching' | 'notBreaching';
/** The comparisons that Millpond supports. AWS has more, for anomaly detection. */
export type Comparison =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

/** The metric that an alarm watches, with its basic or extended statistic. */
export interface AlarmMetric {
  namespace: string;
  name: string;
  dimensions: { Name: string; Value: string }[];
  statistic: string;
  isExtended: boolean;
  unit?: string;
}

/** What PutMetricAlarm configures. */
export interface AlarmConfiguration {
  name: string;
  description?: string;
  actionsEnabled: boolean;
  /** State -> ARNs of the topics and functions that a change to it is sent to. */
  actions: Record<AlarmState, string[]>;
  /** One metric, or queries of which exactly one returns data. */
  of: AlarmMetric | { queries: GivenQuery[] };
  /** Seconds. */
  period: number;
  evaluationPeriods: number;
  /** Absent if the request has none: then equal to `evaluationPeriods`. */
  datapointsToAlarm?: number;
  threshold: number;
  comparison: Comparison;
  /** Absent if the request has none: then `missing`. */
  missing?: Missing;
  /** The request has `evaluate`, which is what happens without it, too. */
  evaluatesLowSamples?: true;
}

/** The result of an evaluation. */
export interface Finding {
  state: AlarmState;
  /** In AWS's words. */
  reason: string;
  /** JSON. */
  reasonData?: string;
}

/** A stored alarm. Times are in milliseconds since the epoch. */
export interface AlarmRecord extends AlarmConfiguration {
  configuredAt: number;
  found: Finding;
  /** When `found` was recorded. */
  foundAt: number;
  /** When the state last changed. */
  changedAt: number;
  /** The previous state, until the actions for the change have been carried out. */
  toTell?: AlarmState;
  /** The finding before the last change of the state, and when it was recorded. Absent before the first change. */
  before?: { found: Finding; at: number };
  tags: Record<string, string>;
}
