// S3 Control, of which Millpond has only the tags of buckets. Terraform's provider uses them for every bucket since
// version 6.23. S3 Control stores nothing: S3 stores the tags.

import { defineService, type Service } from '../../wire/service.ts';
import { openBucketTags, type S3Client } from './bucket-tags.ts';
import { dialect } from './dialect.ts';
import { operations } from './operations.ts';
import type { S3Control, Sdk } from './sdk.ts';

/** Builds S3 Control over S3's API. */
export const createS3Control = (s3: S3Client): Service =>
  defineService<Sdk, S3Control>('s3-control', { tags: openBucketTags(s3) }, operations, { dialect });
