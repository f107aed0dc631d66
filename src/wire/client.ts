// How one service calls another: typed as the SDK's own commands, answered by the neighbour in this process or,
// where an endpoint is set, by whatever listens there (AWS itself, another emulator) through the SDK.

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Bug } from '../kernel/assert.ts';
import { OperationalError } from '../kernel/errors.ts';
import { newRequestId } from '../kernel/ids.ts';
import type { Scope } from '../kernel/scope.ts';
import { Fault } from './fault.ts';
import { invoke } from './invoke.ts';
import { awsQuery } from './query.ts';
import { knownServices, loadSchema } from './schema.ts';
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
}

type AnyCall = (operation: string, input: unknown, scope: Scope) => Promise<unknown>;

export function createClient<M>(serviceName: string, options: ClientOptions): Client<M> {
  const call = options.endpoint
    ? remoteCall(serviceName, options.endpoint)
    : inProcessCall(serviceName, options.inProcess);
  return { call: call as Client<M>['call'] };
}

/** The environment variable that points a service elsewhere: `AWS_ENDPOINT_URL_CLOUDWATCH_LOGS`. */
export function endpointVariable(serviceName: string): string {
  const summary = knownServices().get(serviceName);
  if (!summary) throw new Bug(`no schema for ${serviceName}`);
  return `AWS_ENDPOINT_URL_${summary.serviceId.toUpperCase().replaceAll(' ', '_')}`;
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
    });
    return withoutStreams(output);
  };
}

// biome-ignore lint/suspicious/noExplicitAny: an SDK module chosen at run time
type SdkModule = Record<string, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
type SdkClient = any;

function remoteCall(serviceName: string, endpoint: string): AnyCall {
  let module: Promise<SdkModule> | undefined;
  const clients = new Map<string, SdkClient>();

  return async (operationName, input, scope) => {
    module ??= importSdk(serviceName);
    const sdk = await module;
    let client = clients.get(scope.region);
    if (!client) {
      const Client = sdk[Object.keys(sdk).find((key) => key.endsWith('Client') && key !== '__Client')!];
      clients.set(scope.region, (client = new Client({ region: scope.region, endpoint })));
    }
    try {
      const output = await client.send(new sdk[`${operationName}Command`](input));
      return await withoutStreams(output);
    } catch (error) {
      throw translated(error, serviceName, endpoint);
    }
  };
}

async function importSdk(serviceName: string): Promise<SdkModule> {
  const packageName = knownServices().get(serviceName)?.package;
  if (!packageName) throw new Bug(`no schema for ${serviceName}`);
  try {
    return await import(packageName);
  } catch (error) {
    throw new OperationalError(
      'InvalidOption',
      `${endpointVariable(serviceName)} is set, which takes the package ${packageName}; install it beside millpond.`,
      error,
    );
  }
}

/** Bodies as bytes, without what only the SDK adds. */
async function withoutStreams(output: Record<string, SdkClient>): Promise<Record<string, unknown>> {
  const { $metadata: _, ...members } = output;
  for (const [name, value] of Object.entries(members)) {
    if (value instanceof Readable) members[name] = await buffer(value);
    else if (value && !(value instanceof Uint8Array) && typeof value.transformToByteArray === 'function') {
      members[name] = await value.transformToByteArray();
    }
  }
  return members;
}

function translated(error: SdkClient, serviceName: string, endpoint: string): Error {
  if (error instanceof Error && '$fault' in error && '$metadata' in error) {
    const { name, message, $fault: _fault, $metadata, $response: _response, ...members } = error as SdkClient;
    return new Fault(name, message, { status: $metadata.httpStatusCode, members });
  }
  return new OperationalError(
    'CommandFailed',
    `${serviceName} did not answer at ${endpoint}: ${String(error?.message ?? error)}`,
    error,
  );
}
