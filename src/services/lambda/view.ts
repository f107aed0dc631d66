// Renders records in the form of the API.

import { partitionOf, type Scope } from '../../aws/scope.ts';
import { derivedHex } from '../../kernel/ids.ts';
import { asBase64 } from './code/code-store.ts';
import { type Lambda, logGroupOf, type Preparation } from './context.ts';
import type {
  AliasRecord,
  EventInvokeRecord,
  JsonLogging,
  LayerVersionRecord,
  UrlRecord,
  VersionRecord,
} from './domain/model.ts';
import { functionArn, LATEST, layerArn } from './domain/names.ts';
import type { Output } from './sdk.ts';
import { functionUrlOf } from './urls-inside.ts';

type Configuration = Output<'GetFunctionConfiguration'>;

/** A time in Lambda's own form: `2026-11-21T10:00:00.000+0000`. */
export const timeText = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

/** A version's configuration with its current state. `qualifier` is part of the ARN when given. */
export function viewConfiguration(
  lambda: Lambda,
  scope: Scope,
  name: string,
  version: VersionRecord,
  qualifier?: string,
): Configuration {
  const preparation = version.version === LATEST ? lambda.preparing.get(functionArn(scope, name)) : undefined;
  const state = stateOf(preparation);
  const { recorded } = version;
  return {
    FunctionName: name,
    FunctionArn: functionArn(
      scope,
      name,
      qualifier ?? (version.version === LATEST ? undefined : version.version),
    ),
    Runtime: version.runtime as Configuration['Runtime'],
    Role: version.role,
    Handler: version.handler,
    CodeSize: version.codeBytes,
    Description: version.description,
    Timeout: version.timeoutSeconds,
    MemorySize: version.memoryMegabytes,
    LastModified: timeText(version.modifiedAt),
    CodeSha256: asBase64(version.codeHash),
    Version: version.version,
    ...(recorded.subnetIds && {
      VpcConfig: {
        SubnetIds: recorded.subnetIds,
        SecurityGroupIds: recorded.securityGroupIds ?? [],
        VpcId: recorded.vpcId ?? '',
        Ipv6AllowedForDualStack: false,
      },
    }),
    ...(recorded.deadLetterArn && { DeadLetterConfig: { TargetArn: recorded.deadLetterArn } }),
    ...(recorded.kmsKeyArn && { KMSKeyArn: recorded.kmsKeyArn }),
    ...(Object.keys(version.variables).length > 0 && { Environment: { Variables: version.variables } }),
    TracingConfig: { Mode: (recorded.tracingMode ?? 'PassThrough') as 'PassThrough' },
    RevisionId: version.revisionId,
    ...(version.layers.length > 0 && {
      Layers: version.layers.map(({ arn, codeBytes }) => ({ Arn: arn, CodeSize: codeBytes })),
    }),
    ...state,
    PackageType: 'Zip',
    Architectures: version.architectures as Configuration['Architectures'],
    EphemeralStorage: { Size: version.ephemeralMegabytes },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(scope, version.runtime) },
    LoggingConfig: { ...viewLogging(version.logging), LogGroup: logGroupOf(name, version) },
  };
}

const REASON = 'The function is being created.';
const ACTIVE = { State: 'Active', LastUpdateStatus: 'Successful' } as const;
const PENDING = { State: 'Pending', StateReason: REASON, StateReasonCode: 'Creating' } as const;
const UPDATING = {
  State: 'Active',
  LastUpdateStatus: 'InProgress',
  LastUpdateStatusReason: REASON,
  // AWS: this code is missing in its model.
  LastUpdateStatusReasonCode: 'Creating' as 'InternalError',
} as const;

function stateOf(preparation: Preparation | undefined): Partial<Configuration> {
  if (!preparation) return ACTIVE;
  const { isNew, failure } = preparation;
  if (!failure) return isNew ? { ...ACTIVE, ...PENDING } : UPDATING;
  const { reason } = failure;
  const code = failure.code as 'InternalError';
  return isNew
    ? { State: 'Failed', StateReason: reason, StateReasonCode: code }
    : {
        State: 'Active',
        LastUpdateStatus: 'Failed',
        LastUpdateStatusReason: reason,
        LastUpdateStatusReasonCode: code,
      };
}

/** AWS: the answer to CreateFunction is always Pending and has no update status. */
export function asCreated({ LastUpdateStatus: _, ...configuration }: Configuration): Configuration {
  return { ...configuration, ...PENDING };
}

/** AWS: the answer to an update is always InProgress; clients poll for its end. */
export const asUpdated = (configuration: Configuration): Configuration => ({ ...configuration, ...UPDATING });

const viewLogging = (logging: JsonLogging | undefined) =>
  logging
    ? {
        LogFormat: 'JSON' as const,
        ApplicationLogLevel: logging.applicationLevel as 'INFO',
        SystemLogLevel: logging.systemLevel as 'INFO',
      }
    : { LogFormat: 'Text' as const };

/** AWS: the ARN ends with 64 hexadecimal digits that identify a build of the runtime. */
export const runtimeVersionArn = (scope: Scope, runtime: string): string =>
  `arn:${partitionOf(scope.region)}:lambda:${scope.region}::runtime:${derivedHex(64, 'runtime', runtime)}`;

/** An alias in the form of the API. */
export const viewAlias = (scope: Scope, functionName: string, alias: AliasRecord): Output<'GetAlias'> => ({
  AliasArn: functionArn(scope, functionName, alias.name),
  Name: alias.name,
  FunctionVersion: alias.version,
  Description: alias.description,
  RevisionId: alias.revisionId,
  ...(Object.keys(alias.weights).length > 0 && {
    RoutingConfig: { AdditionalVersionWeights: alias.weights },
  }),
});

/** A layer version with its content, whose `Location` is empty. */
export function viewLayerVersion(scope: Scope, name: string, version: LayerVersionRecord) {
  return {
    LayerArn: layerArn(scope, name),
    ...viewLayerVersionItem(scope, name, version),
    Content: {
      Location: '',
      CodeSha256: asBase64(version.codeHash),
      CodeSize: version.codeBytes,
    },
  };
}

/** A layer version in a list. AWS: lists omit members that were not set. */
export function listedLayerVersion(scope: Scope, name: string, version: LayerVersionRecord) {
  const { Description, CompatibleArchitectures, CompatibleRuntimes, ...rest } = viewLayerVersionItem(
    scope,
    name,
    version,
  );
  return {
    ...rest,
    ...(Description !== '' && { Description }),
    ...(CompatibleRuntimes.length > 0 && { CompatibleRuntimes }),
    ...(CompatibleArchitectures.length > 0 && { CompatibleArchitectures }),
  };
}

const viewLayerVersionItem = (scope: Scope, name: string, version: LayerVersionRecord) => ({
  LayerVersionArn: layerArn(scope, name, version.version),
  Version: version.version,
  Description: version.description,
  CreatedDate: timeText(version.createdAt),
  CompatibleRuntimes: version.runtimes as Configuration['Runtime'][] as NonNullable<
    Configuration['Runtime']
  >[],
  CompatibleArchitectures: version.architectures as NonNullable<Configuration['Architectures']>,
  ...(version.license !== undefined && { LicenseInfo: version.license }),
});

/** A function URL in the form of the API. `insideBase` is the API's URL for a client that reached it where functions run. */
export function viewUrl(
  insideBase: string | undefined,
  scope: Scope,
  name: string,
  qualifier: string,
  url: UrlRecord,
): Output<'GetFunctionUrlConfig'> {
  const { cors } = url;
  return {
    FunctionUrl: functionUrlOf(url.port, insideBase),
    FunctionArn: functionArn(scope, name, qualifier === LATEST ? undefined : qualifier),
    AuthType: url.authType as 'NONE',
    InvokeMode: url.invokeMode as 'BUFFERED',
    CreationTime: new Date(url.createdAt).toISOString(),
    LastModifiedTime: new Date(url.modifiedAt).toISOString(),
    ...(cors && {
      Cors: {
        ...(cors.allowCredentials !== undefined && { AllowCredentials: cors.allowCredentials }),
        ...(cors.allowHeaders && { AllowHeaders: cors.allowHeaders }),
        ...(cors.allowMethods && { AllowMethods: cors.allowMethods }),
        ...(cors.allowOrigins && { AllowOrigins: cors.allowOrigins }),
        ...(cors.exposeHeaders && { ExposeHeaders: cors.exposeHeaders }),
        ...(cors.maxAgeSeconds !== undefined && { MaxAge: cors.maxAgeSeconds }),
      },
    }),
  };
}

/** Settings of asynchronous invocation in the form of the API. */
export const viewEventInvoke = (
  scope: Scope,
  name: string,
  qualifier: string,
  config: EventInvokeRecord,
): Output<'GetFunctionEventInvokeConfig'> => ({
  LastModified: new Date(config.modifiedAt),
  FunctionArn: functionArn(scope, name, qualifier),
  ...(config.maximumRetryAttempts !== undefined && { MaximumRetryAttempts: config.maximumRetryAttempts }),
  ...(config.maximumEventAgeSeconds !== undefined && {
    MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
  }),
  DestinationConfig: {
    OnSuccess: config.destinations?.onSuccess ? { Destination: config.destinations.onSuccess } : {},
    OnFailure: config.destinations?.onFailure ? { Destination: config.destinations.onFailure } : {},
  },
});
