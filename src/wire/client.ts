// How one service calls another: typed as the SDK's own commands, answered by the neighbour in this process or,
// where an endpoint is set, by whatever listens there (AWS itself, another emulator) through the SDK.

import type { Scope } from '../aws/scope.ts';
import { Bug } from '../kernel/assert.ts';
import { OperationalError } from '../kernel/errors.ts';
import { newRequestId } from '../kernel/ids.ts';
import { withoutStreams } from './bodies.ts';
import { type AnyCall, endpointVariable, remoteCall } from './elsewhere.ts';
import { invoke } from './invoke.ts';
import { awsQuery } from './query.ts';
import { loadSchema } from './schema.ts';
import type { ByteStream, Input, OperationName, Output, Service } from './service.ts';

/** A client gets every body whole, which is why it should ask for none that could be huge. */
export type ClientOutput<T> = { [K in keyof T]: ByteStream extends T[K] ? Exclude<T[K], ByteStream> : T[K] };

export interface Client<M> {
  /**
   * Rejects with a Fault for what the neighbour refuses (its shape's name, whichever way it was called), and with
   * an OperationalError when it cannot be reached. In process, input and output are passed as they are: neither
   * side may change them afterwards.
   */
  call<N extends OperationName<M>>(
    operation: N,
    input: Input<M, N>,
    scope: Scope,
  ): Promise<ClientOutput<Output<M, N>>>;
}

export interface ClientOptions {
  /** `undefined` when this Millpond does not run the service. */
  inProcess: Service | undefined;
  /** The value of the variable that `endpointVariable` names; takes precedence. */
  endpoint?: string | undefined;
  /** Ends calls to an endpoint that are under way, and all further ones. */
  signal?: AbortSignal | undefined;
  /** For a call to an endpoint with all its attempts; 20 s by default. */
  callLimitMs?: number;
}

/** Throws InvalidOption where an endpoint is set and the SDK's package for the service is not installed. */
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
    return withoutStreams(output);
  };
}
