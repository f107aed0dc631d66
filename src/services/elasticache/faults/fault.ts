// Makes ElastiCache's faults. The files beside it have every fault that ElastiCache returns: one named function each,
// with its exact text. The SDK's types check the shape names; codes and HTTP statuses come from the schema.
//
// AWS: texts without a remark are verbatim from the service or its documentation. Texts marked `own` are Millpond's.

import { Fault } from '../../../wire/fault.ts';

type SdkModule = typeof import('@aws-sdk/client-elasticache');

/** The names of the SDK's modelled errors: the classes that have `$fault`. */
export type FaultShape = {
  [K in keyof SdkModule]: SdkModule[K] extends abstract new (
    ...args: never[]
  ) => { readonly $fault: 'client' | 'server'; name: infer N }
    ? string extends N
      ? never
      : N
    : never;
}[keyof SdkModule] &
  string;

export const fault = (shape: FaultShape, message: string): Fault => new Fault(shape, message);
