// Uploads in parts that are under way, and the parts they have. As with objects: files of what ends are named, for
// the caller to discard once that is committed.

import type { Store } from '../../store/store.ts';
import { EVERYWHERE, objectId, partRecordId, partsOfUpload, uploadRecordId } from './domain/ids.ts';
import type { PartRecord, UploadRecord } from './domain/records.ts';
import { noSuchUpload } from './faults.ts';
import { blobsOf } from './objects.ts';

export interface Uploads {
  /** Throws NoSuchUpload, also for one of another bucket or key. */
  get(bucket: string, key: string, uploadId: string): UploadRecord;
  put(upload: UploadRecord): void;
  /** Forgets the upload and its parts; returns the files of those parts that `kept` does not name. */
  end(upload: UploadRecord, kept?: ReadonlySet<string>): string[];
  /** Sorted by key, then by id. */
  inBucket(bucket: string): UploadRecord[];
  part(uploadId: string, partNumber: number): PartRecord | undefined;
  /** Takes the place of another of that number, whose files are returned. */
  putPart(part: PartRecord): string[];
  /** Sorted by number. */
  parts(uploadId: string): PartRecord[];
  eachBlob(use: (blob: string) => void): void;
}

export function openUploads(store: Store): Uploads {
  const uploads = store.collection<UploadRecord>('s3/upload');
  const parts = store.collection<PartRecord>('s3/part');
  const partsOf = (uploadId: string): PartRecord[] =>
    parts.list(EVERYWHERE, { prefix: partsOfUpload(uploadId) });
  const part = (uploadId: string, partNumber: number) =>
    parts.get(EVERYWHERE, partRecordId(uploadId, partNumber));

  return {
    get(bucket, key, uploadId) {
      const upload = uploads.get(EVERYWHERE, uploadRecordId(bucket, key, uploadId));
      if (!upload) throw noSuchUpload(uploadId);
      return upload;
    },
    put: (upload) =>
      uploads.put(EVERYWHERE, uploadRecordId(upload.bucket, upload.key, upload.uploadId), upload),
    end({ bucket, key, uploadId }, kept) {
      uploads.delete(EVERYWHERE, uploadRecordId(bucket, key, uploadId));
      const ended = partsOf(uploadId);
      for (const { partNumber } of ended) parts.delete(EVERYWHERE, partRecordId(uploadId, partNumber));
      return ended.flatMap(blobsOf).filter((blob) => !kept?.has(blob));
    },
    inBucket: (bucket) => uploads.list(EVERYWHERE, { prefix: objectId(bucket, '') }),
    part,
    putPart(record) {
      const replaced = part(record.uploadId, record.partNumber);
      parts.put(EVERYWHERE, partRecordId(record.uploadId, record.partNumber), record);
      return replaced ? blobsOf(replaced) : [];
    },
    parts: partsOf,
    eachBlob(use) {
      for (const { value } of parts.listAll()) for (const blob of blobsOf(value)) use(blob);
    },
  };
}
