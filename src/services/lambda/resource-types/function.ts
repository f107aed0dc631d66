// AWS::Lambda::Function.

import { setTimeout as pause } from 'node:timers/promises';
import type { Scope } from '../../../aws/scope.ts';
import { physicalName } from '../../../control/physical-name.ts';
import { createOnce, unless } from '../../../control/resource-attempts.ts';
import {
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  requiredText,
  tagsOf,
  textOf,
} from '../../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import { zip } from '../../../kernel/zip.ts';
import type { Client } from '../../../wire/client.ts';
import { LONGEST_NAME } from '../domain/names.ts';
import { EXISTS, GONE } from '../faults.ts';
import type { Input, Sdk } from '../sdk.ts';

type Lambda = Client<Sdk>;

/** The interval between checks of a function that is being prepared, for example while pip runs. */
const LOOK_EVERY_MS = 50;
/** AWS: the limit of inline code. */
const MOST_INLINE_BYTES = 4 * 1024 * 1024;

/** The resource type of functions. */
export const functionType = (lambda: Lambda): ResourceType => ({
  name: 'AWS::Lambda::Function',

  async create(request) {
    const { scope, properties } = request;
    const name = textOf(properties, 'FunctionName') ?? physicalName(request, { maxLength: LONGEST_NAME });
    const input = {
      ...settingsOf(properties),
      FunctionName: name,
      Code: codeOf(properties),
      Architectures: listOf(properties, 'Architectures') as ['arm64'],
      PackageType: textOf(properties, 'PackageType') as 'Zip',
      Tags: tagsOf(request),
    };
    await createOnce(
      request,
      EXISTS,
      lambda.call('CreateFunction', input as unknown as Input<'CreateFunction'>, scope),
    );
    await setConcurrency(lambda, scope, name, properties);
    return whenActive(lambda, request, name);
  },

  async update(request) {
    const { scope, properties, before, physicalId: FunctionName } = request;
    if (
      JSON.stringify(properties.Code) !== JSON.stringify(before.Code) ||
      runtimeChanged(before, properties)
    ) {
      const architectures = listOf(properties, 'Architectures');
      const code = {
        FunctionName,
        ...codeOf(properties),
        ...(architectures && { Architectures: architectures }),
      };
      await lambda.call('UpdateFunctionCode', code as Input<'UpdateFunctionCode'>, scope);
    }
    const settings = { ...RESET, ...settingsOf(properties), FunctionName };
    await lambda.call('UpdateFunctionConfiguration', settings as Input<'UpdateFunctionConfiguration'>, scope);
    await setConcurrency(lambda, scope, FunctionName, properties);
    await setTags(lambda, request);
    return whenActive(lambda, request, FunctionName);
  },

  async delete({ scope, physicalId }) {
    await unless(GONE, lambda.call('DeleteFunction', { FunctionName: physicalId }, scope));
  },
});

/** The values of properties that an update removes. */
const RESET = {
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  Environment: { Variables: {} },
  Layers: [],
  EphemeralStorage: { Size: 512 },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
  TracingConfig: { Mode: 'PassThrough' },
};

function settingsOf(properties: Properties) {
  const variables = objectOf(objectOf(properties, 'Environment') ?? {}, 'Variables');
  const storage = objectOf(properties, 'EphemeralStorage');
  const vpc = objectOf(properties, 'VpcConfig');
  const fileSystems = objectsOf(properties, 'FileSystemConfigs');
  const given = {
    Runtime: textOf(properties, 'Runtime'),
    Handler: textOf(properties, 'Handler'),
    Role: textOf(properties, 'Role'),
    Description: textOf(properties, 'Description'),
    Timeout: numberOf(properties, 'Timeout'),
    MemorySize: numberOf(properties, 'MemorySize'),
    Layers: listOf(properties, 'Layers'),
    KMSKeyArn: textOf(properties, 'KmsKeyArn'),
    VpcConfig: vpc && {
      SubnetIds: listOf(vpc, 'SubnetIds') ?? [],
      SecurityGroupIds: listOf(vpc, 'SecurityGroupIds') ?? [],
    },
    FileSystemConfigs: fileSystems.length > 0 ? fileSystems : undefined,
    CodeSigningConfigArn: textOf(properties, 'CodeSigningConfigArn'),
    TracingConfig: objectOf(properties, 'TracingConfig'),
    DeadLetterConfig: objectOf(properties, 'DeadLetterConfig'),
    LoggingConfig: objectOf(properties, 'LoggingConfig'),
    EphemeralStorage: storage && { Size: numberOf(storage, 'Size') },
    Environment: variables && {
      Variables: Object.fromEntries(
        Object.keys(variables).map((name) => [name, textOf(variables, name) ?? '']),
      ),
    },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function codeOf(properties: Properties) {
  const code = objectOf(properties, 'Code') ?? {};
  const inline = textOf(code, 'ZipFile');
  if (inline === undefined) {
    return Object.fromEntries(
      ['S3Bucket', 'S3Key', 'S3ObjectVersion', 'ImageUri'].flatMap((name) => {
        const text = textOf(code, name);
        return text === undefined ? [] : [[name, text]];
      }),
    );
  }
  if (Buffer.byteLength(inline) > MOST_INLINE_BYTES)
    throw new Error('The code in ZipFile is larger than 4 MB');
  // AWS: the file is called index, whatever the handler is.
  const ending = requiredText(properties, 'Runtime').startsWith('python') ? 'py' : 'js';
  return { ZipFile: zip({ [`index.${ending}`]: inline }) };
}

/** The extension of the inline file depends on the runtime's language. */
const runtimeChanged = (before: Properties, after: Properties): boolean =>
  objectOf(after, 'Code')?.ZipFile !== undefined && before.Runtime !== after.Runtime;

async function setConcurrency(lambda: Lambda, scope: Scope, FunctionName: string, properties: Properties) {
  const reserved = numberOf(properties, 'ReservedConcurrentExecutions');
  if (reserved === undefined) await lambda.call('DeleteFunctionConcurrency', { FunctionName }, scope);
  else {
    const input = { FunctionName, ReservedConcurrentExecutions: reserved };
    await lambda.call('PutFunctionConcurrency', input, scope);
  }
}

async function setTags(lambda: Lambda, request: ExistingResource & { before: Properties }): Promise<void> {
  const { scope, physicalId, before, tags } = request;
  const found = await lambda.call('GetFunctionConfiguration', { FunctionName: physicalId }, scope);
  const Resource = found.FunctionArn!;
  const wanted = tagsOf(request);
  const gone = Object.keys(tagsOf({ properties: before, tags })).filter((key) => wanted[key] === undefined);
  if (gone.length > 0) await lambda.call('UntagResource', { Resource, TagKeys: gone }, scope);
  if (Object.keys(wanted).length > 0) await lambda.call('TagResource', { Resource, Tags: wanted }, scope);
}

async function whenActive(
  lambda: Lambda,
  { scope, signal }: ResourceRequest,
  FunctionName: string,
): Promise<ResourceState> {
  for (;;) {
    const found = await lambda.call('GetFunctionConfiguration', { FunctionName }, scope);
    if (found.State === 'Failed')
      throw new Error(found.StateReason ?? 'The function could not be made ready');
    if (found.State !== 'Pending')
      return { physicalId: FunctionName, attributes: { Arn: found.FunctionArn! } };
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}
