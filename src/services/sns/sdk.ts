// The SDK's types of SNS, as its operations take them. Nothing else, so that every file may import it.

import type { Input as InputOf, OperationName, OperationOf, Output as OutputOf } from '../../wire/service.ts';
import type { Sns } from './context.ts';

export type Sdk = typeof import('@aws-sdk/client-sns');

/** A function that is given the service's context, the input and the request, and returns the output. */
export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, Sns, N>;

export type Input<N extends OperationName<Sdk>> = InputOf<Sdk, N>;
export type Output<N extends OperationName<Sdk>> = OutputOf<Sdk, N>;
