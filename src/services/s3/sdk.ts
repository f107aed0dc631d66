// The SDK's types of S3 as the operations use them. This file imports nothing else, so every file can import it.

import type { Input as InputOf, OperationName, OperationOf, Output as OutputOf } from '../../wire/service.ts';
import type { S3 } from './context.ts';

/** The SDK's module of S3, as a type. */
export type Sdk = typeof import('@aws-sdk/client-s3');

/** The function of an operation: receives S3's context, the input and the request context, and returns the output. */
export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, S3, N>;

/** The input of an operation, as the SDK types it. */
export type Input<N extends OperationName<Sdk>> = InputOf<Sdk, N>;
/** The output of an operation, as the SDK types it. */
export type Output<N extends OperationName<Sdk>> = OutputOf<Sdk, N>;
