// Route 53's data model: hosted zones, record sets and changes, as they are stored.

import type { RecordSet } from './domain/record-set.ts';

/** AWS: the most hosted zones of an account. */
export const MOST_ZONES = 500;

/** A hosted zone as it is stored. */
export interface HostedZoneRecord {
  /** Begins with `Z`. */
  id: string;
  /** Normalized by `readName`. */
  name: string;
  callerReference: string;
  comment?: string;
  isPrivate: boolean;
  vpcs: VpcPlace[];
  tags: Record<string, string>;
  /** Milliseconds since the epoch. */
  createdAt: number;
  nameServers: string[];
}

/** A VPC and its region. */
export interface VpcPlace {
  id: string;
  region: string;
}

/** A record set as it is stored. */
export interface StoredSet {
  zoneId: string;
  set: RecordSet;
}

/** A change as GetChange returns it. */
export interface ChangeRecord {
  /** Begins with `C`; the time follows, so that ids sort by time. */
  id: string;
  comment?: string;
  /** Milliseconds since the epoch. */
  submittedAt: number;
}

/** A record set that is not stored: another service of Millpond computes it on demand. */
export interface ComputedRecordSet {
  accountId: string;
  /** In lower case, without final dot. */
  name: string;
  type: 'CNAME';
  ttlSeconds: number;
  /** Without final dot. */
  value: string;
  /** The resource that the record belongs to, for error texts: `replication group demo`. */
  keeper: string;
}
