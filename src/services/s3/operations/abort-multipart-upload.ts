// An upload given up, with all its parts.

import type { HandlerOf } from '../../../wire/service.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';

export const abortMultipartUpload =
  (storage: Storage): HandlerOf<S3, 'AbortMultipartUpload'> =>
  ({ Bucket, Key, UploadId, ExpectedBucketOwner }) => {
    const { buckets, uploads } = storage;
    return storage.change((discard) => {
      buckets.get(Bucket, ExpectedBucketOwner);
      discard(uploads.end(uploads.get(Bucket, Key, UploadId)));
      return {};
    });
  };
