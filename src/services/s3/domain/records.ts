// What is stored of buckets, objects and uploads. The bytes themselves lie in files or in a table (contents.ts). Times
// are milliseconds since the Unix epoch.

import type { AccessControlPolicy } from './given-settings.ts';

export type Algorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';
/** Of the parts' checksums, or of all bytes. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

export interface BucketRecord {
  name: string;
  accountId: string;
  region: string;
  createdAt: number;
  /** Absent until it is set for the first time; never absent again. */
  versioning?: 'Enabled' | 'Suspended';
  /** Tags, policy and the like by the member that sets them: `Tagging`… Those that may be large are kept apart. */
  settings: Record<string, unknown>;
}

/** Of several of the same kind in a bucket, e.g. an inventory. */
export interface BucketConfiguration {
  Id: string;
}

export interface Checksum {
  algorithm: Algorithm;
  /** Base64; of a composite one with `-` and the number of parts. */
  value: string;
  type: ChecksumType;
}

/** Bytes that lie in one file or row; in neither where there are none. An object uploaded in parts has several. */
export interface Segment {
  /** The name of the file. */
  blob?: string;
  /** The row of a few bytes. */
  row?: number;
  size: number;
  /** Of a part, where its client gave one. */
  checksum?: string;
  partNumber?: number;
}

export interface Content {
  segments: Segment[];
  size: number;
  /** Without quotes: the MD5, or that of the parts' MD5s with `-` and their number. */
  etag: string;
  checksum?: Checksum;
}

/** What a client says about an object and gets back with it. */
export interface Description {
  contentType?: string;
  cacheControl?: string;
  contentDisposition?: string;
  contentEncoding?: string;
  contentLanguage?: string;
  /** Milliseconds. */
  expires?: number;
  websiteRedirectLocation?: string;
  storageClass?: string;
  metadata: Record<string, string>;
  tags: Tag[];
}

export interface Tag {
  Key: string;
  Value: string;
}

/** Until when a version may not be deleted. */
export interface Lock {
  mode?: 'GOVERNANCE' | 'COMPLIANCE';
  /** With the mode. */
  until?: number;
  /** Whether there is a legal hold; absent where none was ever set. */
  isHeld?: boolean;
}

/** With keys of KMS; S3's own keys need no record. */
export interface Encryption {
  algorithm: string;
  /** An ARN. */
  keyId: string;
  bucketKey?: true;
}

/** What holds of one version and is not copied with it. */
export interface Protection {
  lock?: Lock;
  encryption?: Encryption;
  /** Absent: its owner's alone. */
  acl?: AccessControlPolicy;
}

export interface VersionRecord {
  bucket: string;
  key: string;
  /** `null` for objects stored while versioning was not on. */
  versionId: string;
  /** Grows with each version of the key. */
  sequence: number;
  lastModified: number;
  /** Absent: a delete marker. */
  content?: Content;
  description: Description;
  protection?: Protection;
  /** Of the upload in parts that it was made of. */
  uploadId?: string;
  /** Of an archived one: until when it can be read. */
  restoredUntil?: number;
}

export interface LiveVersion extends VersionRecord {
  content: Content;
}

export const isOfArchive = ({ description: { storageClass } }: VersionRecord): boolean =>
  storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';

/** AWS: what lies in an archive has to be restored before it can be read. */
export const isArchived = (version: VersionRecord, now: number): boolean =>
  isOfArchive(version) && (version.restoredUntil ?? 0) <= now;

export const isLive = (version: VersionRecord): version is LiveVersion => version.content !== undefined;

export interface UploadRecord {
  bucket: string;
  key: string;
  uploadId: string;
  initiatedAt: number;
  accountId: string;
  description: Description;
  protection?: Protection;
  checksum?: { algorithm: Algorithm; type: ChecksumType };
  /** Grows with each part that is stored. */
  revision?: number;
  /** The key's object was replaced or deleted since the upload began. */
  isOvertaken?: true;
}

export interface PartRecord {
  uploadId: string;
  partNumber: number;
  lastModified: number;
  content: Content;
}
