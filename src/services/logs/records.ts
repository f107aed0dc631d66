// What is kept of logs, and where. Times are milliseconds since the epoch.

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

export interface GroupRecord {
  name: string;
  createdAt: number;
  /** For ever, when absent; but see the bounds in log-store.ts. */
  retentionDays?: number;
  kmsKeyId?: string;
  logGroupClass: string;
  /** Of all its streams together. */
  storedBytes: number;
  tags: Record<string, string>;
}

/** What counts the events of a group that match. */
export interface MetricFilterRecord {
  group: string;
  name: string;
  pattern: string;
  metric: {
    namespace: string;
    name: string;
    /** A number, or a selector of one in the event: `$.ms`. */
    value: string;
    /** For minutes in which events came and none matched. */
    defaultValue?: number;
    unit?: string;
    /** Selectors, by the dimension's name. */
    dimensions?: Record<string, string>;
  };
  createdAt: number;
}

export interface StreamRecord {
  group: string;
  name: string;
  createdAt: number;
  firstEventAt?: number;
  lastEventAt?: number;
  lastIngestedAt?: number;
  /** Numbers of the chunks that are kept, both inclusive; `lastChunk` below `firstChunk` when there are none. */
  firstChunk: number;
  lastChunk: number;
  /** Of the next event. */
  nextSequence: number;
  storedBytes: number;
}

export interface LogEvent {
  /** Within its stream. */
  sequence: number;
  at: number;
  ingestedAt: number;
  message: string;
}

export interface Records {
  groups: RecordsOf<GroupRecord>;
  /** By the group's name and their own: see `within`. */
  streams: RecordsOf<StreamRecord>;
  /** By the group's name and their own; found by `metric`, its namespace and name with a line break between. */
  filters: RecordsOf<MetricFilterRecord>;
}

const GROUPS = 10_000;

/** The ids of what a group has begin so. No name of a group has a colon. */
export const within = (group: string, name = ''): string => `${group}:${name}`;

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

export const openRecords = (store: Store): Records => ({
  groups: openKind(store, GROUP),
  streams: openKind(store, STREAM),
  filters: openKind(store, FILTER),
});
