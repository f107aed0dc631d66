// An upload given up, with all its parts.

import type { HandlerOf } from '../../../wire/service.ts';
import { refuseHeaders } from '../domain/refused-headers.ts';
import { abortUploads } from '../parts.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';

export const abortMultipartUpload =
  (storage: Storage): HandlerOf<S3, 'AbortMultipartUpload'> =>
  async (input) => {
    const { Bucket, Key, UploadId, ExpectedBucketOwner } = input;
    refuseHeaders(input);
    storage.buckets.get(Bucket, ExpectedBucketOwner);
    await abortUploads(storage, [storage.uploads.get(Bucket, Key, UploadId)]);
    return {};
  };
