// The client with which one service calls another. It is typed like the SDK's commands. The other service runs in this
// process or, when an endpoint is set, at that endpoint (AWS or another emulator), called through the SDK.

import type { Scope } from '../aws/scope.ts';
import { Bug } from '../kernel/assert.ts';
import { OperationalError } from '../kernel/errors.ts';
import { newRequestId } from '../kernel/ids.ts';
import { bufferOutput } from './buffer-output.ts';
import { invoke } from './invoke.ts';
import { awsQuery } from './query.ts';
import { type AnyCall, endpointVariable, remoteCall } from './remote-call.ts';
import { loadSchema } from './schema.ts';
import type { ByteStream, Input, OperationName, Output, Service } from './service.ts';

/** The output `T` with every body whole. A caller should therefore not request huge bodies. */
export type ClientOutput<T> = { [K in keyof T]: ByteStream extends T[K] ? Exclude<T[K], ByteStream> : T[K] };

/** Calls operations of the service whose SDK module is `M`. */
export interface Client<M> {
  /**
   * Rejects with the Fault of the called service, or with an OperationalError when the service cannot be reached. In
   * process, input and output are passed by reference, so neither side may change them afterwards.
   */
  call<N extends OperationName<M>>(
    operation: N,
    input: Input<M, N>,
    scope: Scope,
  ): Promise<ClientOutput<Output<M, N>>>;
}

/** Where the called service runs. */
export interface ClientOptions {
  /** `undefined` when this Millpond does not run the service. */
  inProcess: Service | undefined;
  /** The value of the environment variable that `endpointVariable` names. It takes precedence over `inProcess`. */
  endpoint?: string | undefined;
  /** Aborts running and future calls to an endpoint. */
  signal?: AbortSignal | undefined;
  /** The limit for a call to an endpoint, including retries; 20 s by default. */
  callLimitMs?: number;
}

/** Throws InvalidOption when an endpoint is set and the SDK's package for the service is not installed. */
export function createClient<M>(serviceName: string, options: ClientOptions): Client<M> {
  const call = options.endpoint
    ? remoteCall(serviceName, options.endpoint, options)
    : inProcessCall(serviceName, options.inProcess);
  return { call: call as Client<M>['call'] };
}

function inProcessCall(serviceName: string, service: Service | undefined): AnyCall {
  return async (operationName, input, scope) => {
    if (!service) {
      throw new OperationalError(
        'NotRunning',
        `This Millpond does not run ${serviceName}; set ${endpointVariable(serviceName)} to use one elsewhere.`,
      );
    }
    const operation = loadSchema(serviceName).operation(operationName);
    if (!operation) throw new Bug(`${serviceName} has no operation ${operationName}`);
    const output = await invoke(service, operation, input as Record<string, unknown>, awsQuery.missing, {
      service: serviceName,
      operation: operationName,
      requestId: newRequestId(),
      accountId: scope.accountId,
      region: scope.region,
      isService: true,
    });
    return bufferOutput(output);
  };
}
