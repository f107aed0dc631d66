// CloudWatch Logs' records and collections. Times are milliseconds since the epoch.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import type { Store } from '../../store/store.ts';
import {
  groupExists,
  limitExceeded,
  noSuchFilter,
  noSuchGroup,
  noSuchStream,
  streamExists,
} from './faults.ts';

/** A log group. */
export interface GroupRecord {
  name: string;
  createdAt: number;
  /** Absent: events never expire, within the bounds of log-store.ts. */
  retentionDays?: number;
  kmsKeyId?: string;
  logGroupClass: string;
  /** Of all its streams. */
  storedBytes: number;
  tags: Record<string, string>;
}

/** A metric filter: it counts the events of a group that match its pattern. */
export interface MetricFilterRecord {
  group: string;
  name: string;
  pattern: string;
  metric: {
    namespace: string;
    name: string;
    /** A number, or a selector of a number in the event: `$.ms`. */
    value: string;
    /** The value of a minute in which events arrived and none matched. */
    defaultValue?: number;
    unit?: string;
    /** Dimension name -> selector. */
    dimensions?: Record<string, string>;
  };
  createdAt: number;
}

/** A log stream. */
export interface StreamRecord {
  group: string;
  name: string;
  createdAt: number;
  firstEventAt?: number;
  lastEventAt?: number;
  lastIngestedAt?: number;
  /** The numbers of the stored chunks, both inclusive. Without chunks, `lastChunk` is less than `firstChunk`. */
  firstChunk: number;
  lastChunk: number;
  /** The sequence number of the next event. */
  nextSequence: number;
  storedBytes: number;
}

/** A stored event. */
export interface LogEvent {
  /** Unique within its stream. */
  sequence: number;
  at: number;
  ingestedAt: number;
  message: string;
}

/** CloudWatch Logs' collections. */
export interface Records {
  groups: RecordsOf<GroupRecord>;
  /** Keyed by the names of group and stream: see `within`. */
  streams: RecordsOf<StreamRecord>;
  /** Keyed by the names of group and filter. Index: `metric`, see `metricKey`. */
  filters: RecordsOf<MetricFilterRecord>;
}

const GROUPS = 10_000;

/** The key of a part of a group, or without `name` the common prefix of these keys. Names of groups have no colon. */
export const within = (group: string, name = ''): string => `${group}:${name}`;

/** The key of the index `metric`. */
export const metricKey = (namespace: string, name: string): string => `${namespace}\n${name}`;

const GROUP: RecordKind<GroupRecord> = {
  collection: 'logs/group',
  idOf: ({ name }) => name,
  notFound: noSuchGroup,
  exists: groupExists,
  quota: { most: GROUPS, exceeded: limitExceeded },
};

const STREAM: RecordKind<StreamRecord> = {
  collection: 'logs/stream',
  idOf: ({ group, name }) => within(group, name),
  notFound: noSuchStream,
  exists: streamExists,
};

const FILTER: RecordKind<MetricFilterRecord> = {
  collection: 'logs/metric-filter',
  idOf: ({ group, name }) => within(group, name),
  indexes: { metric: ({ metric }) => metricKey(metric.namespace, metric.name) },
  notFound: noSuchFilter,
};

/** Opens CloudWatch Logs' collections in the store. */
export const openRecords = (store: Store): Records => ({
  groups: openKind(store, GROUP),
  streams: openKind(store, STREAM),
  filters: openKind(store, FILTER),
});
