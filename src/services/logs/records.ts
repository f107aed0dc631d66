// CloudWatch Logs' records and collections. Times are milliseconds since the epoch.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import type { Store } from '../../store/store.ts';
import {
  groupExists,
  limitExceeded,
  noSuchFilter,
  noSuchGroup,
  noSuchQueryDefinition,
  noSuchStream,
  noSuchSubscription,
  streamExists,
} from './faults.ts';

/** A log group. */
export interface GroupRecord {
  name: string;
  createdAt: number;
  /** Absent: events never expire, within the bounds of event-space.ts. */
  retentionDays?: number;
  kmsKeyId?: string;
  logGroupClass: string;
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

/** A subscription filter: the events of a group that match its pattern go to a function. */
export interface SubscriptionFilterRecord {
  group: string;
  name: string;
  pattern: string;
  /** The ARN of a function. */
  destinationArn: string;
  createdAt: number;
}

/** A saved query. */
export interface QueryDefinitionRecord {
  id: string;
  name: string;
  queryString: string;
  lastModified: number;
  logGroupNames?: string[];
  /** Of the request that created it. */
  clientToken?: string;
}

/** A log stream. */
export interface StreamRecord {
  group: string;
  name: string;
  createdAt: number;
  firstEventAt?: number;
  lastEventAt?: number;
  lastIngestedAt?: number;
  /** Stands for the stream in the files of events; unique within the group, and never used again. */
  number: number;
  /** The sequence number of the next event. */
  nextSequence: number;
}

/** A closed segment of a group's events, or the open one at the end. Bytes are AWS's: of messages, and 26 an event. */
export interface SegmentRecord {
  group: string;
  number: number;
  /** The bytes of the lines that are committed. */
  lineBytes: number;
  events: number;
  bytes: number;
  firstAt: number;
  lastAt: number;
  /** Whether its columns are written, and hold events of existing streams only. */
  isSettled: boolean;
}

/** Where the events of a group are. */
export interface StorageRecord {
  group: string;
  /** The directory of its files. A group that is created again gets another one. */
  directory: string;
  /** The number of the next stream. */
  nextStream: number;
  /** Of all segments. */
  storedBytes: number;
  /** The segment to which events are appended. */
  open: SegmentRecord;
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
  /** Keyed by the names of group and filter. */
  subscriptions: RecordsOf<SubscriptionFilterRecord>;
  /** Index: `token`, the client token. */
  definitions: RecordsOf<QueryDefinitionRecord>;
  /** One for each group, keyed by its name. */
  storages: RecordsOf<StorageRecord>;
  /** The closed segments, keyed by `segmentKey`: in a group in the order of their numbers. */
  segments: RecordsOf<SegmentRecord>;
}

const GROUPS = 10_000;

/** The key of a part of a group, or without `name` the common prefix of these keys. Names of groups have no colon. */
export const within = (group: string, name = ''): string => `${group}:${name}`;

/** The key of a closed segment. */
export const segmentKey = (group: string, number: number): string =>
  within(group, String(number).padStart(12, '0'));

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

const SUBSCRIPTION: RecordKind<SubscriptionFilterRecord> = {
  collection: 'logs/subscription-filter',
  idOf: ({ group, name }) => within(group, name),
  notFound: noSuchSubscription,
};

const DEFINITION: RecordKind<QueryDefinitionRecord> = {
  collection: 'logs/query-definition',
  idOf: ({ id }) => id,
  indexes: { token: ({ clientToken }) => clientToken },
  notFound: noSuchQueryDefinition,
};

const STORAGE: RecordKind<StorageRecord> = {
  collection: 'logs/storage',
  idOf: ({ group }) => group,
  notFound: noSuchGroup,
};

const SEGMENT: RecordKind<SegmentRecord> = {
  collection: 'logs/segment',
  idOf: ({ group, number }) => segmentKey(group, number),
  notFound: noSuchGroup,
};

/** Opens CloudWatch Logs' collections in the store. */
export const openRecords = (store: Store): Records => ({
  groups: openKind(store, GROUP),
  streams: openKind(store, STREAM),
  filters: openKind(store, FILTER),
  subscriptions: openKind(store, SUBSCRIPTION),
  definitions: openKind(store, DEFINITION),
  storages: openKind(store, STORAGE),
  segments: openKind(store, SEGMENT),
});
