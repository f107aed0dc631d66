// The types of S3 Control's SDK, and the context of its operations. Imports nothing at run time.

import type { OperationName, OperationOf } from '../../wire/service.ts';
import type { BucketTags } from './bucket-tags.ts';

/** The SDK's module. */
export type Sdk = typeof import('@aws-sdk/client-s3-control');

/** The context of S3 Control's operations. */
export interface S3Control {
  tags: BucketTags;
}

/** The handler of an operation: it receives the context, the input and the request, and returns the output. */
export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, S3Control, N>;
