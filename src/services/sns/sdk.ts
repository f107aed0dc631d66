// The SDK's types of SNS as the operations use them. This file imports nothing else, so every file can import it.

import type { Input as InputOf, OperationName, OperationOf, Output as OutputOf } from '../../wire/service.ts';
import type { Sns } from './context.ts';

/** The SDK's module of SNS, as a type. */
export type Sdk = typeof import('@aws-sdk/client-sns');

/** The function of an operation: receives SNS's context, the input and the request context, and returns the output. */
export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, Sns, N>;

/** The input of an operation, as the SDK types it. */
export type Input<N extends OperationName<Sdk>> = InputOf<Sdk, N>;
/** The output of an operation, as the SDK types it. */
export type Output<N extends OperationName<Sdk>> = OutputOf<Sdk, N>;
