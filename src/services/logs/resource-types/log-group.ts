// AWS::Logs::LogGroup. The physical id is the group's name.

import type { Scope } from '../../../aws/scope.ts';
import { physicalName } from '../../../control/physical-name.ts';
import { createOnce, finishing, unless } from '../../../control/resource-attempts.ts';
import { numberOf, tagsOf, textOf } from '../../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import { groupArn } from '../names.ts';
import type { Sdk } from '../sdk.ts';

const LONGEST_NAME = 512;

/** Properties of features that Millpond does not have. */
const UNSUPPORTED = [
  'BearerTokenAuthenticationEnabled',
  'DataProtectionPolicy',
  'DeletionProtectionEnabled',
  'FieldIndexPolicies',
  'ResourcePolicyDocument',
];

export const logGroupType = (logs: Client<Sdk>): ResourceType => ({
  name: 'AWS::Logs::LogGroup',
  async create(request) {
    const { properties, scope, isRetry } = request;
    refuseUnsupported(properties);
    const logGroupName =
      textOf(properties, 'LogGroupName') ?? physicalName(request, { maxLength: LONGEST_NAME });
    const input = {
      logGroupName,
      kmsKeyId: textOf(properties, 'KmsKeyId'),
      logGroupClass: textOf(properties, 'LogGroupClass') as 'STANDARD' | undefined,
      tags: tagsOf(request),
    };
    await createOnce(
      { isRetry },
      /^ResourceAlreadyExistsException$/,
      logs.call('CreateLogGroup', input, scope),
    );
    await finishing(logGroupName, async () => {
      await setRetention(logs, scope, logGroupName, properties, {});
    });
    return stateOf(scope, logGroupName);
  },
  async update(request) {
    const { properties, before, scope, physicalId } = request;
    refuseUnsupported(properties);
    // AWS: the class of a group cannot be changed.
    if (classOf(properties) !== classOf(before))
      throw new Error(`The LogGroupClass of ${physicalId} cannot be changed.`);
    await setKey(logs, scope, physicalId, properties, before);
    await setRetention(logs, scope, physicalId, properties, before);
    await retag(logs, request);
    return stateOf(scope, physicalId);
  },
  async delete({ physicalId, scope }) {
    await unless(
      /^ResourceNotFoundException$/,
      logs.call('DeleteLogGroup', { logGroupName: physicalId }, scope),
    );
  },
});

function refuseUnsupported(properties: Properties): void {
  for (const name of UNSUPPORTED) {
    const value = properties[name];
    // `false` and empty lists ask for nothing.
    const isAbsent = value === undefined || value === null || String(value).toLowerCase() === 'false';
    if (isAbsent || (Array.isArray(value) && value.length === 0)) continue;
    throw new Error(`Millpond does not support ${name} of a log group.`);
  }
}

const classOf = (properties: Properties): string => textOf(properties, 'LogGroupClass') ?? 'STANDARD';

async function setKey(
  logs: Client<Sdk>,
  scope: Scope,
  logGroupName: string,
  after: Properties,
  before: Properties,
): Promise<void> {
  const kmsKeyId = textOf(after, 'KmsKeyId');
  if (kmsKeyId === textOf(before, 'KmsKeyId')) return;
  if (kmsKeyId === undefined) await logs.call('DisassociateKmsKey', { logGroupName }, scope);
  else await logs.call('AssociateKmsKey', { logGroupName, kmsKeyId }, scope);
}

async function setRetention(
  logs: Client<Sdk>,
  scope: Scope,
  logGroupName: string,
  after: Properties,
  before: Properties,
): Promise<void> {
  const retentionInDays = numberOf(after, 'RetentionInDays');
  if (retentionInDays !== undefined) {
    await logs.call('PutRetentionPolicy', { logGroupName, retentionInDays }, scope);
  } else if (numberOf(before, 'RetentionInDays') !== undefined) {
    await logs.call('DeleteRetentionPolicy', { logGroupName }, scope);
  }
}

/** AWS: the `Arn` attribute ends in `:*`. */
const stateOf = (scope: Scope, name: string): ResourceState => ({
  physicalId: name,
  attributes: { Arn: `${groupArn(scope, name)}:*` },
});

async function retag(logs: Client<Sdk>, request: ExistingResource): Promise<void> {
  const { scope, physicalId } = request;
  const resourceArn = groupArn(scope, physicalId);
  const wanted = tagsOf(request);
  const { tags } = await logs.call('ListTagsForResource', { resourceArn }, scope);
  const tagKeys = Object.keys(tags ?? {}).filter((key) => !Object.hasOwn(wanted, key));
  if (tagKeys.length > 0) await logs.call('UntagResource', { resourceArn, tagKeys }, scope);
  if (Object.keys(wanted).length > 0) await logs.call('TagResource', { resourceArn, tags: wanted }, scope);
}
