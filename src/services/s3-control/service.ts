// S3 Control: of it the tags of buckets alone. Terraform's provider reads and writes them by it since its version 6.23,
// for every bucket. It keeps nothing: tags are S3's.

import { defineService, type Service } from '../../wire/service.ts';
import { openBucketTags, type S3Client } from './bucket-tags.ts';
import { dialect } from './dialect.ts';
import { operations } from './operations.ts';
import type { S3Control, Sdk } from './sdk.ts';

export const createS3Control = (s3: S3Client): Service =>
  defineService<Sdk, S3Control>('s3-control', { tags: openBucketTags(s3) }, operations, { dialect });
