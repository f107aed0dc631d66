// Resource types that are only recorded: Millpond stores their properties and creates nothing. They are keys,
// which `cdk bootstrap` may make, and, if the user allows it, every unknown type.

import { renderArn } from '../../../aws/arn.ts';
import { physicalName } from '../../../control/physical-name.ts';
import type {
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
  Value,
} from '../../../control/resource-type.ts';
import { derivedUuid } from '../../../kernel/ids.ts';
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

const key = recorded('AWS::KMS::Key', ({ scope, stackId, logicalId, token }, existing) => {
  const id = existing ?? derivedUuid(stackId, logicalId, token);
  return { physicalId: id, attributes: { Arn: renderArn('kms', scope, `key/${id}`), KeyId: id } };
});

const alias = recorded('AWS::KMS::Alias', (request, existing) => ({
  physicalId: existing ?? text(request.properties.AliasName) ?? physicalName(request, { maxLength: 256 }),
  attributes: {},
}));

/** The CDK's usage report. */
const metadata = recorded('AWS::CDK::Metadata', (request, existing) => ({
  physicalId: existing ?? physicalName(request, { maxLength: 128 }),
  attributes: {},
}));

/** The recorded types that need no option. */
export const RECORDED_TYPES: readonly ResourceType[] = [key, alias, metadata];

/** A recorded type of any name. recorded-attributes.ts supplies its attributes. */
export const recordedType = (name: string): ResourceType =>
  recorded(name, (request, existing) => ({
    physicalId: existing ?? givenName(name, request.properties) ?? physicalName(request, { maxLength: 128 }),
    attributes: {},
  }));

/**
 * AWS: `Ref` usually returns the name. The specification says which property is the name; otherwise it is the property
 * that is named after the type (`QueueName`), or `Name`.
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
