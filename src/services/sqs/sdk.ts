// The SDK's types of SQS as the operations use them. This file imports nothing else, so every file can import it.

import type { Input as InputOf, OperationName, OperationOf, Output as OutputOf } from '../../wire/service.ts';
import type { Sqs } from './context.ts';

/** The SDK's module of SQS, as a type. */
export type Sdk = typeof import('@aws-sdk/client-sqs');

/** The function of an operation: receives SQS's context, the input and the request context, and returns the output. */
export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, Sqs, N>;

/** The input of an operation, as the SDK types it. */
export type Input<N extends OperationName<Sdk>> = InputOf<Sdk, N>;
/** The output of an operation, as the SDK types it. */
export type Output<N extends OperationName<Sdk>> = OutputOf<Sdk, N>;
