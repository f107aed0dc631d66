// An alarm as it is kept. Only types.

import type { GivenQuery } from '../domain/metric-queries.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type Missing = 'missing' | 'ignore' | 'breaching' | 'notBreaching';
export type Comparison =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

/** What one metric is looked at by; its statistic is a basic or an extended one. */
export interface AlarmMetric {
  namespace: string;
  name: string;
  dimensions: { Name: string; Value: string }[];
  statistic: string;
  isExtended: boolean;
  unit?: string;
}

export interface AlarmConfiguration {
  name: string;
  description?: string;
  actionsEnabled: boolean;
  /** ARNs of topics. */
  actions: Record<AlarmState, string[]>;
  /** One metric, or queries of which one is returned. */
  of: AlarmMetric | { queries: GivenQuery[] };
  /** Seconds. */
  period: number;
  evaluationPeriods: number;
  /** Absent where the request gave none: then all of them. */
  datapointsToAlarm?: number;
  threshold: number;
  comparison: Comparison;
  /** Absent where the request gave none: `missing`. */
  missing?: Missing;
}

/** What was found when the state was looked at. */
export interface Finding {
  state: AlarmState;
  /** In AWS's words. */
  reason: string;
  /** JSON. */
  reasonData?: string;
}

/** Times in milliseconds since the epoch. */
export interface AlarmRecord extends AlarmConfiguration {
  configuredAt: number;
  found: Finding;
  /** When `found` came about. */
  foundAt: number;
  /** When the state last became another one. */
  changedAt: number;
  /** The state before, while its subscribers are still to be told of the change. */
  toTell?: AlarmState;
  tags: Record<string, string>;
}
