// The context of every operation: records, code, and the lookups and changes that operations share.

import { randomUUID } from 'node:crypto';
import type { Scope } from '../../aws/scope.ts';
import type { Outbox } from '../../control/outbox.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { EnvironmentIdentity, FunctionSpec } from '../../machines/functions/function.ts';
import type { Functions } from '../../machines/functions/pool.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import type { RequestContext } from '../../wire/service.ts';
import type { OpenInterface } from '../manifest.ts';
import type { CodeStore } from './code/code-store.ts';
import { NotAPackage } from './code/refusals.ts';
import { logVariables } from './domain/logging.ts';
import type {
  FunctionRecord,
  LambdaEvent,
  LayerReference,
  LayerVersionRecord,
  VersionRecord,
} from './domain/model.ts';
import {
  type FunctionReference,
  functionArn,
  LATEST,
  readFunctionName,
  readLayerVersionArn,
} from './domain/names.ts';
import { environmentInterfaces } from './environment-interfaces.ts';
import {
  aliasNotFound,
  functionNotFound,
  layerNotFound,
  notFound,
  revisionMismatch,
  wrongState,
} from './faults.ts';
import type { Invoker } from './invocation.ts';
import { codeOf, type Records } from './records.ts';
import { type Networks, textInside } from './urls-inside.ts';

/** The context that every operation gets. */
export interface Lambda {
  records: Records;
  store: Store;
  clock: Clock;
  log: Log;
  code: CodeStore;
  functions: Functions;
  ec2: Client<typeof import('@aws-sdk/client-ec2')>;
  s3: Client<typeof import('@aws-sdk/client-s3')>;
  /** The variables that every function of this account and region gets. */
  environmentOf(scope: Scope): Record<string, string>;
  /** Absent where functions share this host's network. */
  openInterface?: OpenInterface | undefined;
  /** By ARN: functions whose runtime or code is being prepared, or could not be. */
  preparing: Map<string, Preparation>;
  /** A temporary URL of a package; below the API's URL for a client that reached it where functions run. */
  packageUrl(hash: string, insideBase: string | undefined): string;
  /** Present where functions have a network of their own. */
  networks?: Networks | undefined;
  /** Whether a function URL has this port. */
  isFunctionUrl(port: number): boolean;
  /** Call it after a function's URLs changed; resolves when the changes are in effect. */
  urlsChanged(scope: Scope, name: string): Promise<void>;
  /** Pending asynchronous invocations. */
  readonly events: Outbox<LambdaEvent>;
  /** Runs a function; see invoker.ts. */
  invoke: Invoker['invoke'];
}

/** The preparation of a new or changed function. */
export interface Preparation {
  /** Resolves when the preparation has ended; never rejects. */
  ready: Promise<void>;
  /** Whether the function is being created, not changed. */
  isNew: boolean;
  /** Why its code could not be unpacked; the next invocation tries again. */
  failure?: { reason: string; code: 'InvalidZipFileException' | 'InternalError' };
}

/** A function and one of its versions. Read-only; see Records.snapshot. */
export interface Found {
  reference: FunctionReference;
  record: FunctionRecord;
  version: VersionRecord;
  /** Ends with the given qualifier, if any. */
  arn: string;
}

/** The API's URL as the client reached it where functions run; `undefined` for a client on this host, and in process. */
export const insideBaseOf = (
  { networks }: Pick<Lambda, 'networks'>,
  { baseUrl }: Pick<RequestContext, 'baseUrl'>,
): string | undefined => (baseUrl !== undefined && baseUrl === networks?.insideUrl() ? baseUrl : undefined);

/** Finds a function by name or ARN. Throws ResourceNotFoundException. */
export function findFunction(lambda: Lambda, name: string, scope: Scope, qualifier?: string): Found {
  const reference = readFunctionName(name, scope, qualifier);
  const arn = functionArn(reference.scope, reference.name, reference.qualifier);
  const record = lambda.records.snapshot(reference.scope, reference.name);
  const version = record && versionOf(record, reference.qualifier);
  if (!version) throw functionNotFound(arn);
  return { reference, record, version, arn };
}

/**
 * The version that a qualifier names; `undefined` when there is none. `random`, from 0 to 1, chooses between the two
 * versions of a weighted alias.
 */
export function versionOf(
  record: FunctionRecord,
  qualifier: string | undefined,
  random = 1,
): VersionRecord | undefined {
  if (qualifier === undefined || qualifier === LATEST) return record.latest;
  const alias = record.aliases[qualifier];
  const [weighted, share] = Object.entries(alias?.weights ?? {})[0] ?? ['', 0];
  const number = alias ? (random < share ? weighted : alias.version) : qualifier;
  return number === LATEST ? record.latest : record.versions[number];
}

/** Reads, changes and writes a function in one transaction. Throws ResourceNotFoundException. */
export function changeFunction<T>(
  lambda: Lambda,
  { scope, name }: FunctionReference,
  change: (record: FunctionRecord) => T,
): T {
  return lambda.store.transaction(() => {
    const record = lambda.records.functions.existing(scope, name);
    const result = change(record);
    lambda.records.functions.put(scope, record);
    return result;
  });
}

/** Throws ResourceNotFoundException. */
export function requireAlias(record: FunctionRecord, scope: Scope, name: string) {
  const alias = record.aliases[name];
  if (!alias) throw aliasNotFound(functionArn(scope, record.name, name));
  return alias;
}

/** Throws PreconditionFailedException when the caller expects another revision. */
export function requireRevision(current: string, expected: string | undefined): void {
  if (expected !== undefined && expected !== current) throw revisionMismatch();
}

/** A new, random revision id. */
export const newRevision = (): string => randomUUID();

/** Throws ResourceNotFoundException. */
export function requireLayerVersion(
  lambda: Lambda,
  scope: Scope,
  name: string,
  version: number,
): LayerVersionRecord {
  const found = lambda.records.layers.existing(scope, name).versions[version];
  if (!found) throw notFound();
  return found;
}

const specs = new WeakMap<VersionRecord, FunctionSpec>();

/** The specification of a version for the sandbox, cached; `version` comes from a snapshot. */
export function specOf(lambda: Lambda, scope: Scope, name: string, version: VersionRecord): FunctionSpec {
  let spec = specs.get(version);
  if (!spec) specs.set(version, (spec = makeSpec(lambda, scope, name, version)));
  return spec;
}

function makeSpec(lambda: Lambda, scope: Scope, name: string, version: VersionRecord): FunctionSpec {
  return {
    key: keyOf(scope, name, version),
    runtime: version.runtime,
    handler: version.handler,
    codeDirectory: lambda.code.directoryOf(version.codeHash),
    layerDirectories: version.layers.map(({ codeHash }) => lambda.code.directoryOf(codeHash)),
    holdCode: () => lambda.code.hold(codeOf(version)),
    variables: (environment) => ({
      ...lambda.environmentOf(scope),
      AWS_REGION: scope.region,
      AWS_DEFAULT_REGION: scope.region,
      ...variablesInside(lambda, version.variables),
      AWS_EXECUTION_ENV: `AWS_Lambda_${version.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: version.version,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memoryMegabytes),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(name, version),
      AWS_LAMBDA_LOG_STREAM_NAME: logStreamOf(version, environment),
      ...logVariables(version.logging),
    }),
    ...(lambda.openInterface && {
      openInterface: environmentInterfaces(lambda.openInterface, scope, version),
    }),
    timeoutMs: version.timeoutSeconds * 1000,
    memoryBytes: version.memoryMegabytes * 2 ** 20,
  };
}

function variablesInside(
  { networks, isFunctionUrl }: Pick<Lambda, 'networks' | 'isFunctionUrl'>,
  variables: Record<string, string>,
): Record<string, string> {
  if (!networks) return variables;
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, textInside(value, networks, isFunctionUrl)]),
  );
}

/** The sandbox's key of a version. It changes with every change of code or configuration. */
export const keyOf = (scope: Scope, name: string, version: VersionRecord): string =>
  `${functionArn(scope, name, version.version)} ${version.revisionId}`;

/** The log group of a function's version. */
export const logGroupOf = (name: string, version: VersionRecord): string =>
  version.logGroup ?? `/aws/lambda/${name}`;

const streams = new WeakMap<EnvironmentIdentity, string>();

/** The log stream of an execution environment: its start date, version and id, `2026/11/21/[$LATEST]0123…`. */
export function logStreamOf({ version }: VersionRecord, environment: EnvironmentIdentity): string {
  let stream = streams.get(environment);
  if (!stream) {
    const day = new Date(environment.startedAt).toISOString().slice(0, 10).replaceAll('-', '/');
    streams.set(environment, (stream = `${day}/[${version}]${environment.id}`));
  }
  return stream;
}

/**
 * Prepares a function's runtime and code. Meanwhile a function that `isNew` is Pending, and an updated one is
 * InProgress.
 */
export function prepare(lambda: Lambda, scope: Scope, record: FunctionRecord, isNew: boolean): void {
  const arn = functionArn(scope, record.name);
  const { runtime, codeHash } = record.latest;
  const before = lambda.preparing.get(arn);
  const preparation: Preparation = {
    ready: Promise.all([
      lambda.functions
        .prepare(runtime)
        .then((note) => {
          if (note) lambda.log.info({ function: record.name }, note);
        })
        .catch((error) => lambda.log.warn({ function: record.name, err: error }, `${runtime} is not ready`)),
      lambda.code.opened(codeHash).catch((error) => {
        preparation.failure = failureToOpen(error);
      }),
    ]).then(() => {
      const isMine = lambda.preparing.get(arn) === preparation;
      if (isMine && !preparation.failure) lambda.preparing.delete(arn);
    }),
    isNew: isNew || (before?.isNew ?? false),
  };
  lambda.preparing.set(arn, preparation);
}

const failureToOpen = (error: Error): NonNullable<Preparation['failure']> => ({
  reason: error.message,
  code: error instanceof NotAPackage ? 'InvalidZipFileException' : 'InternalError',
});

/** Resolves when the version's code can run. Rejects with ResourceConflictException when it cannot be unpacked. */
export async function whenReady(
  lambda: Lambda,
  scope: Scope,
  name: string,
  version: VersionRecord,
): Promise<void> {
  const arn = functionArn(scope, name);
  const preparation = lambda.preparing.get(arn);
  await preparation?.ready;
  const closed = codeOf(version).filter((hash) => !lambda.code.isOpened(hash));
  const opening = closed.map((hash) => lambda.code.opened(hash));
  await Promise.all(opening).catch((error) => {
    lambda.log.warn({ function: name, err: error }, 'the code of a function could not be unpacked');
    throw wrongState('Failed');
  });
  if (preparation?.failure && version.version === LATEST) lambda.preparing.delete(arn);
}

/** Ends the execution environments of these versions. Their code stays until they have ended. */
export function retire(lambda: Lambda, keys: readonly string[]): void {
  for (const key of keys) {
    void lambda.functions
      .retire(key)
      .catch((error) => lambda.log.warn({ err: error }, 'a process of a function could not be ended'));
  }
}

/** The current content of the layer versions, in any account and region. Throws InvalidParameterValueException for the first missing one. */
export function findLayers(lambda: Lambda, arns: readonly string[]): LayerReference[] {
  return arns.map((arn) => {
    const reference = readLayerVersionArn(arn);
    const layer =
      reference && lambda.records.layers.find(reference.scope, reference.name)?.versions[reference.version];
    if (!layer) throw layerNotFound(arn);
    return { arn, codeHash: layer.codeHash, codeBytes: layer.codeBytes };
  });
}
