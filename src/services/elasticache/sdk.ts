// The SDK's types for ElastiCache's operations. Nothing else is here, so that every file can import it.

import type { Input as InputOf, OperationName, OperationOf, Output as OutputOf } from '../../wire/service.ts';
import type { ElastiCache } from './context.ts';

export type Sdk = typeof import('@aws-sdk/client-elasticache');

/** An operation's handler: takes the service's context, the input and the request, and returns the output. */
export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, ElastiCache, N>;

export type Input<N extends OperationName<Sdk>> = InputOf<Sdk, N>;
export type Output<N extends OperationName<Sdk>> = OutputOf<Sdk, N>;
