// The resource type AWS::EC2::LaunchTemplate.

import type { Scope } from '../../../aws/scope.ts';
import { physicalName } from '../../../control/physical-name.ts';
import { unless } from '../../../control/resource-attempts.ts';
import { objectOf, objectsOf, renderTags, tagsOf, textOf } from '../../../control/resource-properties.ts';
import type {
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
  Value,
} from '../../../control/resource-type.ts';
import type { Input } from '../sdk.ts';
import { type Ec2Client, NOT_FOUND, withToken } from './tokens-and-tags.ts';

type Data = NonNullable<Input<'CreateLaunchTemplate'>['LaunchTemplateData']>;

const LONGEST_NAME = 125;

/** Its physical id is the template's id. */
export const launchTemplateType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::LaunchTemplate',
  async create(request) {
    const { properties, scope } = request;
    const input = withToken(request, {
      LaunchTemplateName:
        textOf(properties, 'LaunchTemplateName') ?? physicalName(request, { maxLength: LONGEST_NAME }),
      LaunchTemplateData: dataOf(properties),
      VersionDescription: textOf(properties, 'VersionDescription'),
      TagSpecifications: tagsOfTemplate(request),
    });
    const { LaunchTemplate } = await ec2.call('CreateLaunchTemplate', input, scope);
    return stateOf(ec2, scope, LaunchTemplate!.LaunchTemplateId!);
  },
  /** AWS: an update creates a new version; the default version does not change. */
  async update(request) {
    const { physicalId, properties, scope } = request;
    const input = withToken(request, {
      LaunchTemplateId: physicalId,
      LaunchTemplateData: dataOf(properties),
      VersionDescription: textOf(properties, 'VersionDescription'),
    });
    await ec2.call('CreateLaunchTemplateVersion', input, scope);
    return stateOf(ec2, scope, physicalId);
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, ec2.call('DeleteLaunchTemplate', { LaunchTemplateId: physicalId }, scope));
  },
});

/** The tags of the launch template itself: those of the stack, and those that its properties give. */
function tagsOfTemplate(request: ResourceRequest) {
  const own = objectsOf(request.properties, 'TagSpecifications')
    .filter((one) => textOf(one, 'ResourceType') === 'launch-template')
    .flatMap((one) => objectsOf(one, 'Tags'));
  const tags = renderTags(tagsOf({ ...request, properties: { Tags: own } }));
  return tags.length > 0 ? [{ ResourceType: 'launch-template' as const, Tags: tags }] : undefined;
}

function dataOf(properties: Properties): Data {
  return typed(objectOf(properties, 'LaunchTemplateData') ?? {}, '') as Data;
}

const NUMBERS = new Set([
  ...['CoreCount', 'DeviceIndex', 'EbsCardIndex', 'HttpPutResponseHopLimit', 'Iops'],
  ...['NetworkCardIndex', 'PartitionNumber', 'SecondaryPrivateIpAddressCount', 'ThreadsPerCore'],
  ...['Throughput', 'VolumeInitializationRate', 'VolumeSize'],
]);
const FLAGS = new Set([
  ...['AssociateCarrierIpAddress', 'AssociatePublicIpAddress', 'Configured', 'DeleteOnTermination'],
  ...['DisableApiStop', 'DisableApiTermination', 'EbsOptimized', 'Enabled', 'Encrypted', 'Primary'],
]);

/** Numbers and flags may be text, since parameters of CloudFormation templates are text. */
function typed(value: Value, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => typed(item, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, typed(member as Value, key)]),
    );
  if (typeof value !== 'string') return value;
  if (FLAGS.has(name) && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return NUMBERS.has(name) && /^\d+$/.test(value) ? Number(value) : value;
}

async function stateOf(ec2: Ec2Client, scope: Scope, id: string): Promise<ResourceState> {
  const { LaunchTemplates } = await ec2.call('DescribeLaunchTemplates', { LaunchTemplateIds: [id] }, scope);
  const { DefaultVersionNumber, LatestVersionNumber } = LaunchTemplates![0]!;
  return {
    physicalId: id,
    attributes: {
      LaunchTemplateId: id,
      DefaultVersionNumber: String(DefaultVersionNumber),
      LatestVersionNumber: String(LatestVersionNumber),
    },
  };
}
