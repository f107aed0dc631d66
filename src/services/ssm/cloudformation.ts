// SSM's resource type for CloudFormation, AWS::SSM::Parameter. It calls SSM's own API.

import { createOnce, unless } from '../../control/resource-attempts.ts';
import { renderTags, requiredText, tagsOf, textOf } from '../../control/resource-properties.ts';
import type {
  ExistingResource,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';

/** The physical id of a parameter is its name. */
export const ssmResourceTypes = (ssm: Client<Sdk>): ResourceType[] => [parameterType(ssm)];

const parameterType = (ssm: Client<Sdk>): ResourceType => ({
  name: 'AWS::SSM::Parameter',
  async create(request) {
    const input = inputOf(request);
    const Tags = renderTags(tagsOf(request));
    await createOnce(
      request,
      /^ParameterAlreadyExists$/,
      ssm.call('PutParameter', { ...input, ...(Tags.length > 0 && { Tags }) }, request.scope),
    );
    return stateOf(ssm, request, input.Name);
  },
  async update(request) {
    const input = { ...inputOf(request), Name: request.physicalId, Overwrite: true };
    await ssm.call('PutParameter', input, request.scope);
    await retag(ssm, request);
    return stateOf(ssm, request, request.physicalId);
  },
  async delete({ physicalId, scope }) {
    await unless(/^ParameterNotFound$/, ssm.call('DeleteParameter', { Name: physicalId }, scope));
  },
});

function inputOf({ properties, logicalId, token }: ResourceRequest) {
  const Type = requiredText(properties, 'Type');
  if (Type === 'SecureString')
    throw new Error('CloudFormation cannot create parameters of type SecureString.');
  return {
    // AWS: a generated name begins with `CFN`, not with the name of the stack.
    Name: textOf(properties, 'Name') ?? `CFN-${logicalId}-${token}`,
    Type: Type as 'String' | 'StringList',
    Value: requiredText(properties, 'Value'),
    Description: textOf(properties, 'Description'),
    AllowedPattern: textOf(properties, 'AllowedPattern'),
    DataType: textOf(properties, 'DataType'),
    Tier: textOf(properties, 'Tier') as 'Standard' | 'Advanced' | undefined,
    Policies: textOf(properties, 'Policies'),
  };
}

async function stateOf(ssm: Client<Sdk>, { scope }: ResourceRequest, Name: string): Promise<ResourceState> {
  const { Parameter } = await ssm.call('GetParameter', { Name }, scope);
  return {
    physicalId: Name,
    attributes: {
      Arn: Parameter?.ARN ?? '',
      Type: Parameter?.Type ?? '',
      Value: Parameter?.Value ?? '',
    },
  };
}

async function retag(ssm: Client<Sdk>, request: ExistingResource): Promise<void> {
  const resource = { ResourceType: 'Parameter' as const, ResourceId: request.physicalId };
  const wanted = tagsOf(request);
  const { TagList } = await ssm.call('ListTagsForResource', resource, request.scope);
  const TagKeys = (TagList ?? []).map((tag) => tag.Key ?? '').filter((key) => !Object.hasOwn(wanted, key));
  if (TagKeys.length > 0) await ssm.call('RemoveTagsFromResource', { ...resource, TagKeys }, request.scope);
  const Tags = renderTags(wanted);
  if (Tags.length > 0) await ssm.call('AddTagsToResource', { ...resource, Tags }, request.scope);
}
