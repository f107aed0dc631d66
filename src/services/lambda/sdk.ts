// The types of Lambda's SDK for its operations. Types only, so that every file may import it.

import type { Input as InputOf, OperationName, OperationOf, Output as OutputOf } from '../../wire/service.ts';
import type { Lambda } from './context.ts';

/** The module of the SDK's client. */
export type Sdk = typeof import('@aws-sdk/client-lambda');

/** A function from the service's context, the input and the request to the output. */
export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, Lambda, N>;

/** The input of an operation. */
export type Input<N extends OperationName<Sdk>> = InputOf<Sdk, N>;
/** The output of an operation. */
export type Output<N extends OperationName<Sdk>> = OutputOf<Sdk, N>;
