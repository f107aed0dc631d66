// The record of a table and of its indexes. Pure.

import type { KeySchema } from '../keys.ts';

/** A status of a table; AWS's words. */
export type TableStatus = 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE';
/** A status of a global secondary index. Local ones are always ACTIVE. */
export type IndexStatus = TableStatus;

/** Units of provisioned throughput, a second. */
export interface Throughput {
  read: number;
  write: number;
  /** Milliseconds since the epoch. */
  increasedAt?: number;
  decreasedAt?: number;
  /** The decreases of the day of `decreasedAt`. */
  decreases: number;
}

/** The most units a second of a table that is paid per request; absent where there is no limit. */
export interface OnDemandThroughput {
  read?: number;
  write?: number;
}

/** Throughput that is ready before it is needed, as recorded. */
export interface WarmThroughput {
  read: number;
  write: number;
}

/** What an index contains of an item, besides its own and the table's key. */
export interface IndexProjection {
  type: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  /** Of INCLUDE. */
  attributes?: string[];
}

/** A secondary index. */
export interface Index {
  /** Unique in its table, also among deleted indexes. */
  id: number;
  kind: 'global' | 'local';
  name: string;
  key: KeySchema;
  projection: IndexProjection;
  status: IndexStatus;
  /** Only of a global index of a table with provisioned throughput. */
  throughput?: Throughput;
  onDemand?: OnDemandThroughput;
  warm?: WarmThroughput;
}

/** How a table deletes items whose time has come. */
export interface TimeToLive {
  attribute: string;
  status: 'ENABLING' | 'ENABLED' | 'DISABLING';
  /** The id of the index in which the items are in the order of their times; see Index.id. */
  index: number;
}

/** Encryption at rest, as recorded. */
export interface Encryption {
  keyArn: string;
}

/** A table. */
export interface Table {
  /** Unique in the database, also among deleted tables. */
  id: number;
  /** AWS's TableId, a UUID. */
  uuid: string;
  name: string;
  status: TableStatus;
  /** Milliseconds since the epoch. */
  createdAt: number;
  key: KeySchema;
  /** Every index that there is or was created online and is being deleted, in the order of their creation. */
  indexes: Index[];
  nextIndex: number;
  billing: 'PROVISIONED' | 'PAY_PER_REQUEST';
  throughput?: Throughput;
  onDemand?: OnDemandThroughput;
  warm?: WarmThroughput;
  /** When it became a table that is paid per request. */
  paidPerRequestSince?: number;
  tableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
  tableClassSince?: number;
  isProtected: boolean;
  encryption?: Encryption;
  timeToLive?: TimeToLive;
  /** Point-in-time recovery, as recorded. */
  recovery?: { since: number; days: number };
  tags: Record<string, string>;
}

/** The index with this name, unless it is being deleted. */
export const indexNamed = ({ indexes }: Table, name: string): Index | undefined =>
  indexes.find((index) => index.name === name);

/** Whether the table is usable by operations on items. */
export const isUsable = ({ status }: Table): boolean => status === 'ACTIVE' || status === 'UPDATING';
