// What is stored of buckets, objects and uploads. The bytes themselves lie on disk (blobs.ts). Times are
// milliseconds since the Unix epoch.

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
  /** Tags, policy and the like by the name of their operation, as they were given: `Tagging`, `Cors`… */
  settings: Record<string, unknown>;
}

export interface Checksum {
  algorithm: Algorithm;
  /** Base64; of a composite one with `-` and the number of parts. */
  value: string;
  type: ChecksumType;
}

/** Bytes that lie in one file. An object uploaded in parts has several. */
export interface Segment {
  /** The name of the file; absent where there are no bytes. */
  blob?: string;
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
}

export interface LiveVersion extends VersionRecord {
  content: Content;
}

export const isLive = (version: VersionRecord): version is LiveVersion => version.content !== undefined;

export interface UploadRecord {
  bucket: string;
  key: string;
  uploadId: string;
  initiatedAt: number;
  accountId: string;
  description: Description;
  checksum?: { algorithm: Algorithm; type: ChecksumType };
}

export interface PartRecord {
  uploadId: string;
  partNumber: number;
  lastModified: number;
  content: Content;
}
