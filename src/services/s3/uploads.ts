// Multipart uploads in progress and their parts. As with objects, methods that replace bytes return their segments, for
// the caller to discard.

import type { Store } from '../../store/store.ts';
import {
  EVERYWHERE,
  objectId,
  partRecordId,
  partsOfUpload,
  uploadRecordId,
  versionsFrom,
} from './domain/ids.ts';
import type { PartRecord, Segment, UploadRecord } from './domain/records.ts';
import { noSuchUpload } from './faults/uploads.ts';

/** The records of uploads and parts. */
export interface Uploads {
  find(bucket: string, key: string, uploadId: string): UploadRecord | undefined;
  /** Throws NoSuchUpload, also if the upload belongs to another bucket or key. */
  get(bucket: string, key: string, uploadId: string): UploadRecord;
  put(upload: UploadRecord): void;
  /** Deletes the upload's record. parts.ts deletes its parts. */
  remove(upload: UploadRecord): void;
  /** Marks the uploads of a key, because its object was replaced or deleted. */
  overtake(bucket: string, key: string): void;
  /**
   * Uploads sorted by key and id, starting at the key `from` or after the item `after`. Fewer than `limit` means that
   * there are no more.
   */
  list(bucket: string, from: string, limit: number, after?: UploadRecord): UploadRecord[];
  part(uploadId: string, partNumber: number): PartRecord | undefined;
  /** Stores a part. Returns the segments of the part that it replaces. */
  putPart(part: PartRecord): Segment[];
  removePart(part: PartRecord): void;
  /** Parts sorted by number, after the number `after`. */
  parts(uploadId: string, after: number, limit: number): PartRecord[];
  /** All parts sorted by number, read in batches with other work in between. */
  allParts(uploadId: string): Promise<PartRecord[]>;
  /** The segments of all parts. */
  segments(): AsyncIterable<Segment>;
  /** The ids of uploads that have ended and still have records of parts. */
  ended(): Promise<Set<string>>;
}

/** Opens the collections in the store. */
export function openUploads(store: Store): Uploads {
  const uploads = store.collection<UploadRecord>('s3/upload');
  const parts = store.collection<PartRecord>('s3/part');
  const part = (uploadId: string, partNumber: number) =>
    parts.get(EVERYWHERE, partRecordId(uploadId, partNumber));
  const put = (upload: UploadRecord) => uploads.put(EVERYWHERE, idOf(upload), upload);
  const find = (bucket: string, key: string, uploadId: string) =>
    uploads.get(EVERYWHERE, uploadRecordId(bucket, key, uploadId));

  return {
    find,
    get(bucket, key, uploadId) {
      const upload = find(bucket, key, uploadId);
      if (!upload) throw noSuchUpload(uploadId);
      return upload;
    },
    put,
    remove: (upload) => uploads.delete(EVERYWHERE, idOf(upload)),
    overtake(bucket, key) {
      for (const upload of uploads.list(EVERYWHERE, {
        prefix: versionsFrom(bucket, key),
        limit: MOST_MARKED,
      })) {
        if (!upload.isOvertaken) put({ ...upload, isOvertaken: true });
      }
    },
    list(bucket, from, limit, after) {
      const start = after ? `${idOf(after)}/` : objectId(bucket, from);
      return uploads.list(EVERYWHERE, { prefix: objectId(bucket, ''), from: start, limit });
    },
    part,
    putPart(record) {
      const replaced = part(record.uploadId, record.partNumber);
      parts.put(EVERYWHERE, partRecordId(record.uploadId, record.partNumber), record);
      return replaced?.content.segments ?? [];
    },
    removePart: ({ uploadId, partNumber }) => parts.delete(EVERYWHERE, partRecordId(uploadId, partNumber)),
    parts: (uploadId, after, limit) =>
      parts.list(EVERYWHERE, {
        prefix: partsOfUpload(uploadId),
        after: partRecordId(uploadId, after),
        limit,
      }),
    async allParts(uploadId) {
      const all: PartRecord[] = [];
      for await (const batch of parts.batches(EVERYWHERE, { prefix: partsOfUpload(uploadId) })) {
        all.push(...batch.map(({ value }) => value));
      }
      return all;
    },
    async *segments() {
      for await (const batch of parts.batches(EVERYWHERE)) {
        for (const { value } of batch) yield* value.content.segments;
      }
    },
    async ended() {
      const ended = new Set<string>();
      for await (const batch of parts.batches(EVERYWHERE)) {
        for (const { value } of batch) ended.add(value.uploadId);
      }
      for await (const batch of uploads.batches(EVERYWHERE)) {
        for (const { value } of batch) ended.delete(value.uploadId);
      }
      return ended;
    },
  };
}

/** The most uploads of one key that are marked. Further uploads do not notice conflicts. */
const MOST_MARKED = 100;

const idOf = ({ bucket, key, uploadId }: UploadRecord): string => uploadRecordId(bucket, key, uploadId);
