// The types of S3 Control's and S3's SDKs, each named once.

import type { Client } from '../../wire/client.ts';
import type { OperationName, OperationOf } from '../../wire/service.ts';
import type { BucketTags } from './bucket-tags.ts';

export type Sdk = typeof import('@aws-sdk/client-s3-control');
export type S3Client = Client<typeof import('@aws-sdk/client-s3')>;

/** What every operation is given. */
export interface S3Control {
  tags: BucketTags;
}

export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, S3Control, N>;
