// The SDK's types of S3 Control, as its operations take them, and what they are given.

import type { OperationName, OperationOf } from '../../wire/service.ts';
import type { BucketTags } from './bucket-tags.ts';

export type Sdk = typeof import('@aws-sdk/client-s3-control');

/** What every operation is given. */
export interface S3Control {
  tags: BucketTags;
}

export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, S3Control, N>;
