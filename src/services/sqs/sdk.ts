// The types of SQS's SDK, for every file of the service.

import type { Input as InputOf, OperationName, OperationOf, Output as OutputOf } from '../../wire/service.ts';
import type { Sqs } from './context.ts';

export type Sdk = typeof import('@aws-sdk/client-sqs');
export type Operation<N extends OperationName<Sdk>> = OperationOf<Sdk, N, Sqs>;
export type Input<N extends OperationName<Sdk>> = InputOf<Sdk, N>;
export type Output<N extends OperationName<Sdk>> = OutputOf<Sdk, N>;
