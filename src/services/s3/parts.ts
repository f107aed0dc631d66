// The end of a multipart upload. Its record is deleted in the same transaction in which the object is stored or the
// upload aborted. The records of its parts, up to 10,000, are deleted afterwards in batches. The next start deletes
// those that are left if the process ends before.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { S3 } from './context.ts';
import type { PartRecord, UploadRecord } from './domain/records.ts';

const BATCH = 250;

/** Deletes the records of the parts of an ended upload, and the bytes of those that `isWanted` rejects. */
export async function deleteParts(
  storage: Pick<S3, 'uploads' | 'change'>,
  uploadId: string,
  isWanted: (part: PartRecord) => boolean = () => false,
): Promise<void> {
  for (;;) {
    const isLast = storage.change((discard) => {
      const batch = storage.uploads.parts(uploadId, 0, BATCH);
      for (const part of batch) {
        storage.uploads.removePart(part);
        if (!isWanted(part)) discard(part.content.segments);
      }
      return batch.length < BATCH;
    });
    if (isLast) return;
    await nextTurn();
  }
}

/** Aborts uploads and deletes their parts. */
export async function abortUploads(s3: S3, uploads: readonly UploadRecord[]): Promise<void> {
  s3.change(() => {
    for (const upload of uploads) s3.uploads.remove(upload);
  });
  for (const { uploadId } of uploads) await deleteParts(s3, uploadId);
}
