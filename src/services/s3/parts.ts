// The end of an upload in parts. Its record goes in one transaction with whatever takes its place; the records of its
// parts, of which there may be 10,000, go afterwards, some at a time. What the end of the process leaves of them goes at
// the next start.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { S3 } from './context.ts';
import type { PartRecord, UploadRecord } from './domain/records.ts';

const BATCH = 250;

/** Deletes the parts of an upload that has ended, and the bytes of those of which `isWanted` does not hold. */
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

/** Gives uploads up, with their parts. */
export async function abortUploads(s3: S3, uploads: readonly UploadRecord[]): Promise<void> {
  s3.change(() => {
    for (const upload of uploads) s3.uploads.remove(upload);
  });
  for (const { uploadId } of uploads) await deleteParts(s3, uploadId);
}
