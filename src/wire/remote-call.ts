// Calls a service at an endpoint (AWS or an emulator) through the SDK's client. It sends only the calls of Millpond's
// own services and never forwards a client's request, so two Millponds may use each other.

import type { Scope } from '../aws/scope.ts';
import { Bug } from '../kernel/assert.ts';
import { OperationalError } from '../kernel/errors.ts';
import { bufferOutput } from './buffer-output.ts';
import { Fault } from './fault.ts';
import { knownServices } from './schema.ts';

/** Calls an operation by name. The scope is the account and the region of the call. */
export type AnyCall = (operation: string, input: unknown, scope: Scope) => Promise<unknown>;

// biome-ignore lint/suspicious/noExplicitAny: an SDK module chosen at run time
type SdkModule = Record<string, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
type SdkClient = any;

/** The limit for a call with all retries and pauses. It suits all calls that Millpond makes. */
const CALL_LIMIT_MS = 20_000;
/** The limit for a connection, which leaves time for another attempt. */
const CONNECT_LIMIT_MS = 3_000;
const ATTEMPTS = 3;

/** The environment variable with the endpoint of a service, e.g. `AWS_ENDPOINT_URL_CLOUDWATCH_LOGS`. */
export function endpointVariable(serviceName: string): string {
  return `AWS_ENDPOINT_URL_${summaryOf(serviceName).serviceId.toUpperCase().replaceAll(' ', '_')}`;
}

/**
 * A function that calls the service at `endpoint`. It rejects with a Fault of the service, or with an OperationalError.
 * `signal` aborts its calls. Throws InvalidOption when the SDK's package for the service is not installed.
 */
export function remoteCall(
  serviceName: string,
  endpoint: string,
  options: { signal?: AbortSignal | undefined; callLimitMs?: number | undefined },
): AnyCall {
  const { signal: ended, callLimitMs = CALL_LIMIT_MS } = options;
  checkPackage(serviceName);
  let module: Promise<SdkModule> | undefined;
  const clients = new Map<string, SdkClient>();

  function clientFor(sdk: SdkModule, { accountId, region }: Scope): SdkClient {
    const key = `${accountId}/${region}`;
    const known = clients.get(key);
    if (known) return known;
    const Client = sdk[Object.keys(sdk).find((name) => name.endsWith('Client') && name !== '__Client')!];
    const client = new Client({
      ...{ region, endpoint, maxAttempts: ATTEMPTS },
      requestHandler: { connectionTimeout: CONNECT_LIMIT_MS },
      ...(signsAsScope(endpoint) && { credentials: { accessKeyId: accountId, secretAccessKey: 'millpond' } }),
    });
    clients.set(key, client);
    return client;
  }

  return async (operationName, input, scope) => {
    module ??= import(summaryOf(serviceName).package);
    const sdk = await module;
    const limit = AbortSignal.timeout(callLimitMs);
    const abortSignal = ended ? AbortSignal.any([ended, limit]) : limit;
    try {
      const command = new sdk[`${operationName}Command`](input);
      return await bufferOutput(await clientFor(sdk, scope).send(command, { abortSignal }));
    } catch (error) {
      if (limit.aborted) {
        const seconds = callLimitMs / 1000;
        throw new OperationalError(
          'TimedOut',
          `${serviceName} did not answer at ${endpoint} within ${seconds} s.`,
        );
      }
      throw translated(error, serviceName, endpoint);
    }
  };
}

/** An emulator on this machine reads the account from the access key, as Millpond does. AWS needs real credentials. */
function signsAsScope(endpoint: string): boolean {
  const { hostname } = new URL(endpoint);
  const isHere = /^127\.|^localhost$|\.localhost$|^\[::1\]$/.test(hostname);
  return isHere && !process.env.AWS_ACCESS_KEY_ID;
}

function checkPackage(serviceName: string): void {
  const name = summaryOf(serviceName).package;
  try {
    import.meta.resolve(name);
  } catch (error) {
    throw new OperationalError(
      'InvalidOption',
      `${endpointVariable(serviceName)} is set, which requires the package ${name}; install it beside millpond.`,
      error,
    );
  }
}

function summaryOf(serviceName: string) {
  const summary = knownServices().get(serviceName);
  if (!summary) throw new Bug(`no schema for ${serviceName}`);
  return summary;
}

function translated(error: SdkClient, serviceName: string, endpoint: string): Error {
  if (error instanceof Error && '$fault' in error && '$metadata' in error) {
    const { name, message, $fault: _fault, $metadata, $response: _response, ...members } = error as SdkClient;
    return new Fault(name, message, { status: $metadata.httpStatusCode, members });
  }
  if (error instanceof Error && error.name === 'CredentialsProviderError') {
    return new OperationalError(
      'InvalidOption',
      `${endpointVariable(serviceName)} is ${endpoint}, which requires credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.`,
      error,
    );
  }
  return new OperationalError(
    'CommandFailed',
    `${serviceName} did not answer at ${endpoint}: ${String(error?.message ?? error)}`,
    error,
  );
}
