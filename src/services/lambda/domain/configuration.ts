// The rules of a function's configuration: defaults, ranges and updates. Pure.

import { parseArn } from '../../../aws/arn.ts';
import { invalidParameter } from '../faults.ts';
import { changedLogging, type LoggingInput } from './logging.ts';
import type { LayerReference, VersionRecord } from './model.ts';
import { requireRuntime } from './runtimes.ts';

/** The configuration members of CreateFunction and UpdateFunctionConfiguration. */
export interface ConfigurationInput {
  Runtime?: string | undefined;
  Handler?: string | undefined;
  Role?: string | undefined;
  Description?: string | undefined;
  Timeout?: number | undefined;
  MemorySize?: number | undefined;
  EphemeralStorage?: { Size?: number | undefined } | undefined;
  Environment?: { Variables?: Record<string, string> | undefined } | undefined;
  Layers?: string[] | undefined;
  VpcConfig?: { SubnetIds?: string[] | undefined; SecurityGroupIds?: string[] | undefined } | undefined;
  TracingConfig?: { Mode?: string | undefined } | undefined;
  DeadLetterConfig?: { TargetArn?: string | undefined } | undefined;
  LoggingConfig?: LoggingInput | undefined;
  KMSKeyArn?: string | undefined;
  FileSystemConfigs?: object[] | undefined;
  CodeSigningConfigArn?: string | undefined;
}

/** The members of a version's record that its configuration sets. */
export type Configuration = Omit<
  VersionRecord,
  'version' | 'codeHash' | 'codeBytes' | 'modifiedAt' | 'revisionId' | 'architectures'
>;

/** Finds layer versions. Throws for one that does not exist. */
export type FindLayers = (arns: readonly string[]) => LayerReference[];

const DEFAULTS: Omit<Configuration, 'runtime' | 'handler' | 'role'> = {
  description: '',
  timeoutSeconds: 3,
  memoryMegabytes: 128,
  ephemeralMegabytes: 512,
  variables: {},
  layers: [],
  recorded: {},
};

const MOST_VARIABLE_BYTES = 4096;
const MOST_LAYERS = 5;
const RESERVED = new Set(
  `_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME
   AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE
   AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
   AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR`.split(/\s+/),
);

/** The configuration of a new function. Throws InvalidParameterValueException or ValidationException. */
export function newConfiguration(
  input: ConfigurationInput,
  findLayers: FindLayers,
  vpcId?: string,
): Configuration {
  if (!input.Runtime || !input.Handler) {
    throw invalidParameter(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  }
  return changedConfiguration({ ...DEFAULTS, runtime: '', handler: '', role: '' }, input, findLayers, vpcId);
}

/** Refuses settings without which the function would miss its files or run unsigned code. */
function refuseUnsupported(input: ConfigurationInput): void {
  if (input.FileSystemConfigs?.length)
    throw invalidParameter('Millpond does not mount file systems in functions.');
  if (input.CodeSigningConfigArn) throw invalidParameter('Millpond does not check code signatures.');
}

/**
 * The configuration after an update: only members of the input change. `vpcId` is the VPC of the input's subnets. Throws
 * as `newConfiguration` does.
 */
export function changedConfiguration(
  before: Configuration,
  input: ConfigurationInput,
  findLayers: FindLayers,
  vpcId?: string,
): Configuration {
  refuseUnsupported(input);
  const recorded = { ...before.recorded };
  if (input.VpcConfig) {
    recorded.subnetIds = input.VpcConfig.SubnetIds ?? [];
    recorded.securityGroupIds = input.VpcConfig.SecurityGroupIds ?? [];
    delete recorded.vpcId;
    if (vpcId !== undefined) recorded.vpcId = vpcId;
  }
  if (input.TracingConfig?.Mode) recorded.tracingMode = input.TracingConfig.Mode;
  if (input.DeadLetterConfig) recorded.deadLetterArn = deadLetterArn(input.DeadLetterConfig.TargetArn ?? '');
  if (input.KMSKeyArn !== undefined) recorded.kmsKeyArn = input.KMSKeyArn;
  const logGroup = input.LoggingConfig?.LogGroup ?? before.logGroup;
  const logging = changedLogging(before.logging, input.LoggingConfig);
  const { logging: _, ...kept } = before;
  return {
    ...kept,
    ...(logging && { logging }),
    runtime: input.Runtime === undefined ? before.runtime : requireRuntime(input.Runtime),
    handler: input.Handler === undefined ? before.handler : handler(input.Handler),
    role: input.Role ?? before.role,
    description: input.Description ?? before.description,
    timeoutSeconds: input.Timeout ?? before.timeoutSeconds,
    memoryMegabytes: input.MemorySize ?? before.memoryMegabytes,
    ephemeralMegabytes: input.EphemeralStorage?.Size ?? before.ephemeralMegabytes,
    variables: input.Environment ? variables(input.Environment.Variables ?? {}) : before.variables,
    layers: input.Layers ? findLayers(layers(input.Layers)) : before.layers,
    recorded,
    ...(logGroup !== undefined && { logGroup }),
  };
}

/** AWS: a standard queue or a standard topic; an empty text for none. The text of the error is Millpond's. */
function deadLetterArn(arn: string): string {
  const { service, resource } = parseArn(arn) ?? {};
  const isTarget = (service === 'sqs' || service === 'sns') && !resource!.endsWith('.fifo');
  if (arn !== '' && !isTarget) {
    throw invalidParameter(`The dead letter target ${arn} is neither a standard queue nor a standard topic.`);
  }
  return arn;
}

/** Program arguments cannot contain the character 0, which AWS's pattern allows. */
function handler(text: string): string {
  if (text.includes('\0')) throw invalidParameter('A handler must not contain the character 0.');
  return text;
}

function variables(given: Record<string, string>): Record<string, string> {
  const reserved = Object.keys(given).filter((name) => RESERVED.has(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  if (Object.values(given).some((value) => value.includes('\0'))) {
    throw invalidParameter('A value of an environment variable must not contain the character 0.');
  }
  if (Buffer.byteLength(JSON.stringify(given)) > MOST_VARIABLE_BYTES) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(given)}`,
    );
  }
  return { ...given };
}

function layers(arns: string[]): string[] {
  if (arns.length > MOST_LAYERS) throw invalidParameter('Cannot reference more than 5 layers.');
  const bases = arns.map((arn) => arn.slice(0, arn.lastIndexOf(':')));
  if (new Set(bases).size < bases.length) {
    throw invalidParameter('Two different versions of the same layer are not allowed to be referenced.');
  }
  return [...arns];
}
