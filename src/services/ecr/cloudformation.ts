// ECR's resource type for CloudFormation, AWS::ECR::Repository. It calls ECR's own API.

import { physicalName } from '../../control/physical-name.ts';
import { createOnce, finishing, unless } from '../../control/resource-attempts.ts';
import {
  documentOf,
  flagOf,
  objectOf,
  objectsOf,
  renderTags,
  requiredText,
  tagsOf,
  textOf,
} from '../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';

type EcrClient = Client<Sdk>;

/** The physical id of a repository is its name. */
export const ecrResourceTypes = (ecr: EcrClient): ResourceType[] => [repositoryType(ecr)];

const MOST_NAME_LETTERS = 256;
const NO_POLICY = /^RepositoryPolicyNotFoundException$/;
const NO_LIFECYCLE_POLICY = /^LifecyclePolicyNotFoundException$/;

const repositoryType = (ecr: EcrClient): ResourceType => ({
  name: 'AWS::ECR::Repository',
  async create(request) {
    const { properties, scope } = request;
    const repositoryName =
      textOf(properties, 'RepositoryName') ??
      physicalName(request, { maxLength: MOST_NAME_LETTERS, lowerCase: true });
    const tags = renderTags(tagsOf(request));
    await createOnce(
      request,
      /^RepositoryAlreadyExistsException$/,
      ecr.call(
        'CreateRepository',
        {
          repositoryName,
          ...mutabilityOf(properties),
          imageScanningConfiguration: { scanOnPush: scanOnPushOf(properties) },
          ...encryptionOf(properties),
          ...(tags.length > 0 && { tags }),
        },
        scope,
      ),
    );
    return await finishing(repositoryName, async () => {
      await setPolicies(ecr, request, repositoryName);
      return await stateOf(ecr, request, repositoryName);
    });
  },
  async update(request) {
    const { physicalId: repositoryName, properties, scope } = request;
    const { imageTagMutability = 'MUTABLE', ...filters } = mutabilityOf(properties);
    await ecr.call('PutImageTagMutability', { repositoryName, imageTagMutability, ...filters }, scope);
    const imageScanningConfiguration = { scanOnPush: scanOnPushOf(properties) };
    await ecr.call('PutImageScanningConfiguration', { repositoryName, imageScanningConfiguration }, scope);
    await setPolicies(ecr, request, repositoryName);
    const state = await stateOf(ecr, request, repositoryName);
    await retag(ecr, request, String(state.attributes.Arn));
    return state;
  },
  inTheWay: /^RepositoryNotEmptyException$/,
  async delete({ physicalId, properties, scope }) {
    const force = flagOf(properties, 'EmptyOnDelete') ?? false;
    await unless(
      /^RepositoryNotFoundException$/,
      ecr.call('DeleteRepository', { repositoryName: physicalId, force }, scope),
    );
  },
});

function mutabilityOf(properties: Properties) {
  const imageTagMutability = textOf(properties, 'ImageTagMutability') as 'MUTABLE' | undefined;
  const filters = objectsOf(properties, 'ImageTagMutabilityExclusionFilters').map((each) => ({
    filterType: requiredText(each, 'ImageTagMutabilityExclusionFilterType') as 'WILDCARD',
    filter: requiredText(each, 'ImageTagMutabilityExclusionFilterValue'),
  }));
  return {
    ...(imageTagMutability && { imageTagMutability }),
    ...(filters.length > 0 && { imageTagMutabilityExclusionFilters: filters }),
  };
}

const scanOnPushOf = (properties: Properties): boolean =>
  flagOf(objectOf(properties, 'ImageScanningConfiguration') ?? {}, 'ScanOnPush') ?? false;

function encryptionOf(properties: Properties) {
  const given = objectOf(properties, 'EncryptionConfiguration');
  if (!given) return {};
  const encryptionType = requiredText(given, 'EncryptionType') as 'AES256';
  const kmsKey = textOf(given, 'KmsKey');
  return { encryptionConfiguration: { encryptionType, ...(kmsKey !== undefined && { kmsKey }) } };
}

async function setPolicies(
  ecr: EcrClient,
  { properties, scope }: ResourceRequest,
  repositoryName: string,
): Promise<void> {
  const policyText = documentOf(properties, 'RepositoryPolicyText');
  const lifecycle = objectOf(properties, 'LifecyclePolicy');
  const lifecyclePolicyText = lifecycle && textOf(lifecycle, 'LifecyclePolicyText');
  await (policyText === undefined
    ? unless(NO_POLICY, ecr.call('DeleteRepositoryPolicy', { repositoryName }, scope))
    : ecr.call('SetRepositoryPolicy', { repositoryName, policyText }, scope));
  await (lifecyclePolicyText === undefined
    ? unless(NO_LIFECYCLE_POLICY, ecr.call('DeleteLifecyclePolicy', { repositoryName }, scope))
    : ecr.call('PutLifecyclePolicy', { repositoryName, lifecyclePolicyText }, scope));
}

async function stateOf(
  ecr: EcrClient,
  { scope }: ResourceRequest,
  repositoryName: string,
): Promise<ResourceState> {
  const { repositories } = await ecr.call(
    'DescribeRepositories',
    { repositoryNames: [repositoryName] },
    scope,
  );
  const [repository] = repositories ?? [];
  return {
    physicalId: repositoryName,
    attributes: {
      Arn: repository?.repositoryArn ?? '',
      RepositoryUri: repository?.repositoryUri ?? '',
    },
  };
}

async function retag(ecr: EcrClient, request: ExistingResource, resourceArn: string): Promise<void> {
  const wanted = tagsOf(request);
  const held = (await ecr.call('ListTagsForResource', { resourceArn }, request.scope)).tags ?? [];
  const tagKeys = held.map(({ Key }) => Key ?? '').filter((key) => !Object.hasOwn(wanted, key));
  if (tagKeys.length > 0) await ecr.call('UntagResource', { resourceArn, tagKeys }, request.scope);
  const tags = renderTags(wanted);
  if (tags.length > 0) await ecr.call('TagResource', { resourceArn, tags }, request.scope);
}
