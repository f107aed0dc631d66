// The types of Elastic Load Balancing's SDK. Imports nothing at run time, so every file may import it.

import type { Input as InputOf, OperationName, OperationOf, Output as OutputOf } from '../../wire/service.ts';
import type { LoadBalancing } from './context.ts';

/** The SDK's module. */
export type Sdk = typeof import('@aws-sdk/client-elastic-load-balancing-v2');

/** The handler of an operation: it receives the context, the input and the request, and returns the output. */
export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, LoadBalancing, N>;

export type Input<N extends OperationName<Sdk>> = InputOf<Sdk, N>;
export type Output<N extends OperationName<Sdk>> = OutputOf<Sdk, N>;
