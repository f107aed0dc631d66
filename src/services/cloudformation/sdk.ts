// The SDK's types of CloudFormation. This file contains nothing else, so that every file can import it.

import type { Input as InputOf, OperationName, OperationOf, Output as OutputOf } from '../../wire/service.ts';
import type { CloudFormation } from './context.ts';

/** The module of the SDK: its commands are the operations. */
export type Sdk = typeof import('@aws-sdk/client-cloudformation');

/** A function that is given the service's context, the input and the request, and returns the output. */
export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, CloudFormation, N>;

/** What an operation's handler gets and returns. */
export type Input<N extends OperationName<Sdk>> = InputOf<Sdk, N>;
export type Output<N extends OperationName<Sdk>> = OutputOf<Sdk, N>;
