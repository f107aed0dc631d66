// Types that are kept as they were declared, and nothing on this machine comes of them: what `cdk bootstrap` makes
// besides its bucket, tables, and, where the user allows it, whatever is unknown.

import { renderArn } from '../../../aws/arn.ts';
import { physicalName } from '../../../control/physical-name.ts';
import type {
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
  Value,
} from '../../../control/resource-type.ts';
import { derivedHex } from '../../../kernel/ids.ts';
import { resourceSpecs } from '../resource-spec.ts';

type Describe = (request: Omit<ResourceRequest, 'isRetry'>, physicalId: string | undefined) => ResourceState;

function recorded(name: string, describe: Describe): ResourceType {
  return {
    name,
    recordedOnly: true,
    create: async (request) => describe(request, undefined),
    update: async (request) => describe(request, request.physicalId),
    delete: async () => {},
  };
}

const text = (value: Value | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const repository = recorded('AWS::ECR::Repository', (request, existing) => {
  const { scope, properties } = request;
  const name =
    existing ?? text(properties.RepositoryName) ?? physicalName(request, { maxLength: 256, lowerCase: true });
  return {
    physicalId: name,
    attributes: {
      Arn: renderArn('ecr', scope, `repository/${name}`),
      RepositoryUri: `${scope.accountId}.dkr.ecr.${scope.region}.amazonaws.com/${name}`,
    },
  };
});

const key = recorded('AWS::KMS::Key', ({ scope, stackId, logicalId, token }, existing) => {
  const hex = derivedHex(32, stackId, logicalId, token);
  const id =
    existing ?? [8, 4, 4, 4, 12].map((size, at) => hex.slice(OFFSETS[at], OFFSETS[at]! + size)).join('-');
  return { physicalId: id, attributes: { Arn: renderArn('kms', scope, `key/${id}`), KeyId: id } };
});
const OFFSETS = [0, 8, 12, 16, 20];

const alias = recorded('AWS::KMS::Alias', (request, existing) => ({
  physicalId: existing ?? text(request.properties.AliasName) ?? physicalName(request, { maxLength: 256 }),
  attributes: {},
}));

/** Also what SAM makes of a simple table. There is no DynamoDB here. */
const table = recorded('AWS::DynamoDB::Table', (request, existing) => {
  const { scope, properties } = request;
  const name = existing ?? text(properties.TableName) ?? physicalName(request, { maxLength: 255 });
  return { physicalId: name, attributes: { Arn: renderArn('dynamodb', scope, `table/${name}`) } };
});

/** What the CDK tells AWS of itself. */
const metadata = recorded('AWS::CDK::Metadata', (request, existing) => ({
  physicalId: existing ?? physicalName(request, { maxLength: 128 }),
  attributes: {},
}));

export const RECORDED_TYPES: readonly ResourceType[] = [repository, key, alias, table, metadata];

/** For any type at all: named as its template names it. What else it gives, recorded-attributes.ts makes up. */
export const recordedType = (name: string): ResourceType =>
  recorded(name, (request, existing) => ({
    physicalId: existing ?? givenName(name, request.properties) ?? physicalName(request, { maxLength: 128 }),
    attributes: {},
  }));

/**
 * AWS: `Ref` mostly gives the name. The specification says which property that is; where it says nothing, it is the
 * one that is called as the type is: `QueueName`, `Name`.
 */
function givenName(type: string, properties: Properties): string | undefined {
  const noun = type.slice(type.lastIndexOf(':') + 1);
  const candidates = [...(resourceSpecs().get(type)?.identifier ?? []), `${noun}Name`, 'Name', `${noun}Id`];
  for (const candidate of candidates) {
    const name = text(properties[candidate]);
    if (name !== undefined) return name;
  }
  return undefined;
}
