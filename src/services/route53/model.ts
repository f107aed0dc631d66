// What Route 53 keeps, each kind a collection of documents.

import type { RecordSet } from './domain/record-set.ts';

/** Of an account. */
export const MOST_ZONES = 500;

export interface HostedZoneRecord {
  /** `Z…`. */
  id: string;
  /** As `readName` spells it. */
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

export interface VpcPlace {
  id: string;
  region: string;
}

export interface StoredSet {
  zoneId: string;
  set: RecordSet;
}

export interface ChangeRecord {
  /** `C…`. */
  id: string;
  comment?: string;
  /** Milliseconds since the epoch. */
  submittedAt: number;
}

/** A record set that nobody stored: another part of Millpond says what it is at this moment. */
export interface ComputedRecordSet {
  accountId: string;
  /** Lower case, without final dot. */
  name: string;
  type: 'CNAME';
  ttlSeconds: number;
  /** Without final dot. */
  value: string;
  /** Whose name it is, for whoever tries to change it: `replication group demo`. */
  keeper: string;
}
