// S3's data model: buckets, versions, uploads and parts, as they are stored. Bytes are stored in files or in a table
// (contents.ts). All times are in milliseconds since the epoch.

import type { AccessControlPolicy } from './given-settings.ts';

/** A checksum algorithm, in S3's spelling. */
export type Algorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';
/** COMPOSITE covers the checksums of the parts, FULL_OBJECT all bytes. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

/** A bucket as it is stored. */
export interface BucketRecord {
  name: string;
  accountId: string;
  region: string;
  createdAt: number;
  /** Absent until it is set for the first time. It cannot be removed. */
  versioning?: 'Enabled' | 'Suspended';
  /**
   * Settings by the member that sets them, such as `Tagging`. Settings that can be large are stored elsewhere
   * (buckets.ts).
   */
  settings: Record<string, unknown>;
}

/** One of several configurations of a kind, such as an inventory. */
export interface BucketConfiguration {
  Id: string;
}

/** A checksum of an object. */
export interface Checksum {
  algorithm: Algorithm;
  /** Base64. If composite, `-` and the number of parts follow. */
  value: string;
  type: ChecksumType;
}

/** Bytes in one file or one row; in neither if there are none. A multipart object has several segments. */
export interface Segment {
  /** The file's name. */
  blob?: string;
  /** The row's number. */
  row?: number;
  size: number;
  /** The checksum of a part, if its client stated one. */
  checksum?: string;
  partNumber?: number;
}

/** The bytes of an object and what is derived from them. */
export interface Content {
  segments: Segment[];
  size: number;
  /** Without quotes: the MD5, or for a multipart object the MD5 of the parts' MD5s, `-` and the number of parts. */
  etag: string;
  checksum?: Checksum;
}

/** What a client states about an object and gets back with it. */
export interface Description {
  contentType?: string;
  cacheControl?: string;
  contentDisposition?: string;
  contentEncoding?: string;
  contentLanguage?: string;
  /** The Expires header. */
  expires?: number;
  websiteRedirectLocation?: string;
  storageClass?: string;
  metadata: Record<string, string>;
  tags: Tag[];
}

/** A tag. */
export interface Tag {
  Key: string;
  Value: string;
}

/** The object lock of a version. */
export interface Lock {
  mode?: 'GOVERNANCE' | 'COMPLIANCE';
  /** The end of the retention; present with the mode. */
  until?: number;
  /** Whether there is a legal hold; absent if none was ever set. */
  isHeld?: boolean;
}

/** Encryption with a KMS key. Encryption with S3's own keys is not recorded. */
export interface Encryption {
  algorithm: string;
  /** The key's ARN. */
  keyId: string;
  bucketKey?: true;
}

/** Properties of one version that are not copied with it. */
export interface Protection {
  lock?: Lock;
  encryption?: Encryption;
  /** Absent if the version is private. */
  acl?: AccessControlPolicy;
}

/** A version of an object as it is stored. */
export interface VersionRecord {
  bucket: string;
  key: string;
  /** `null` if versioning was not enabled when it was stored. */
  versionId: string;
  /** Increases with each version of the key. */
  sequence: number;
  lastModified: number;
  /** Absent in a delete marker. */
  content?: Content;
  description: Description;
  protection?: Protection;
  /** The multipart upload that it was made from. */
  uploadId?: string;
  /** If archived: until when it can be read. */
  restoredUntil?: number;
}

/** A version that is not a delete marker. */
export interface LiveVersion extends VersionRecord {
  content: Content;
}

/** Whether the version has an archive storage class. */
export const isOfArchive = ({ description: { storageClass } }: VersionRecord): boolean =>
  storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';

/** Whether the version cannot be read now. AWS: an archived version must be restored first. */
export const isArchived = (version: VersionRecord, now: number): boolean =>
  isOfArchive(version) && (version.restoredUntil ?? 0) <= now;

/** Whether the version is not a delete marker. */
export const isLive = (version: VersionRecord): version is LiveVersion => version.content !== undefined;

/** A multipart upload as it is stored. */
export interface UploadRecord {
  bucket: string;
  key: string;
  uploadId: string;
  initiatedAt: number;
  accountId: string;
  description: Description;
  protection?: Protection;
  checksum?: { algorithm: Algorithm; type: ChecksumType };
  /** Increases with each part that is stored. */
  revision?: number;
  /** The key's object was replaced or deleted after the upload began. */
  isOvertaken?: true;
}

/** A part of an upload as it is stored. */
export interface PartRecord {
  uploadId: string;
  partNumber: number;
  lastModified: number;
  content: Content;
}
