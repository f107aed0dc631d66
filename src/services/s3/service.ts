// S3: buckets and objects, as templates, layers and function code need them; the bytes of objects lie in files.
// Policies and access control lists are kept and shown, and decide nothing.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineHandlers, type Handlers, type Service } from '../../wire/service.ts';
import { abortMultipartUpload } from './operations/abort-multipart-upload.ts';
import { getBucketVersioning, putBucketVersioning } from './operations/bucket-versioning.ts';
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts';
import { copyObject } from './operations/copy-object.ts';
import { createBucket } from './operations/create-bucket.ts';
import { createMultipartUpload } from './operations/create-multipart-upload.ts';
import { deleteBucket } from './operations/delete-bucket.ts';
import { deleteObject, deleteObjects } from './operations/delete-object.ts';
import { getBucketLocation, headBucket } from './operations/describe-bucket.ts';
import { getObject, headObject } from './operations/get-object.ts';
import { getObjectAttributes } from './operations/get-object-attributes.ts';
import { listBuckets } from './operations/list-buckets.ts';
import { listObjectVersions } from './operations/list-object-versions.ts';
import { listObjects, listObjectsV2 } from './operations/list-objects.ts';
import { listMultipartUploads, listParts } from './operations/list-uploads.ts';
import { getObjectAcl, putObjectAcl } from './operations/object-acl.ts';
import {
  getObjectLegalHold,
  getObjectRetention,
  putObjectLegalHold,
  putObjectRetention,
} from './operations/object-lock.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './operations/object-tagging.ts';
import { putObject } from './operations/put-object.ts';
import { uploadPart, uploadPartCopy } from './operations/upload-part.ts';
import { pageRules } from './page-rules.ts';
import { configurationOperations } from './settings/by-id.ts';
import { settingOperations } from './settings/operations.ts';
import { openStorage } from './storage.ts';

export type S3 = typeof import('@aws-sdk/client-s3');

export interface S3Options {
  store: Store;
  clock: Clock;
  log: Log;
  /** Where the bytes of objects lie, e.g. `<data directory>/s3`; made when it is missing, and nobody else's. */
  directory: string;
}

export interface S3Service {
  readonly service: Service;
  /** Deletes what an earlier end left half done. To be awaited before the service is asked. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createS3(options: S3Options): S3Service {
  const storage = openStorage({ ...options, log: options.log.child({ part: 's3' }) });
  const operations: Handlers<S3> = {
    ...(settingOperations(storage) as Handlers<S3>),
    ...(configurationOperations(storage) as Handlers<S3>),
    AbortMultipartUpload: abortMultipartUpload(storage),
    CompleteMultipartUpload: completeMultipartUpload(storage),
    CopyObject: copyObject(storage),
    CreateBucket: createBucket(storage),
    CreateMultipartUpload: createMultipartUpload(storage),
    DeleteBucket: deleteBucket(storage),
    DeleteObject: deleteObject(storage),
    DeleteObjectTagging: deleteObjectTagging(storage),
    DeleteObjects: deleteObjects(storage),
    GetBucketLocation: getBucketLocation(storage),
    GetBucketVersioning: getBucketVersioning(storage),
    GetObject: getObject(storage),
    GetObjectAcl: getObjectAcl(storage),
    GetObjectAttributes: getObjectAttributes(storage),
    GetObjectLegalHold: getObjectLegalHold(storage),
    GetObjectRetention: getObjectRetention(storage),
    GetObjectTagging: getObjectTagging(storage),
    HeadBucket: headBucket(storage),
    HeadObject: headObject(storage),
    ListBuckets: listBuckets(storage),
    ListMultipartUploads: listMultipartUploads(storage),
    ListObjectVersions: listObjectVersions(storage),
    ListObjects: listObjects(storage),
    ListObjectsV2: listObjectsV2(storage),
    ListParts: listParts(storage),
    PutBucketVersioning: putBucketVersioning(storage),
    PutObject: putObject(storage),
    PutObjectAcl: putObjectAcl(storage),
    PutObjectLegalHold: putObjectLegalHold(storage),
    PutObjectRetention: putObjectRetention(storage),
    PutObjectTagging: putObjectTagging(storage),
    UploadPart: uploadPart(storage),
    UploadPartCopy: uploadPartCopy(storage),
  };
  return {
    service: defineHandlers<S3>('s3', operations, {
      takesStreams: ['PutObject', 'UploadPart'],
      pageRules: pageRules(storage),
    }),
    start: () => storage.start(),
    stop: () => storage.stop(),
  };
}
