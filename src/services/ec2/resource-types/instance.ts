// The resource type AWS::EC2::Instance.

import type { Scope } from '../../../aws/scope.ts';
import { finishing, unless } from '../../../control/resource-attempts.ts';
import {
  flagOf,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  requiredText,
  textOf,
} from '../../../control/resource-properties.ts';
import type {
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import type { Input } from '../sdk.ts';
import { changeRunning, changeStopped, creditsOf, metadataOf, settled } from './instance-changes.ts';
import { type Ec2Client, NOT_FOUND, retag, tagSpecifications, withToken } from './tokens-and-tags.ts';

/** AWS: these properties change in place, with a stop and start if necessary, since the root device is a volume. */
const IN_PLACE = new Set(['EbsOptimized', 'InstanceType', 'SecurityGroupIds', 'UserData']);

/**
 * These properties replace the instance. AWS: some change in place on a dedicated host, which Millpond does not have.
 */
const REPLACING = new Set([
  'AdditionalInfo',
  'Affinity',
  'BlockDeviceMappings',
  'HostId',
  'KernelId',
  'PrivateDnsNameOptions',
  'RamdiskId',
  'Tenancy',
]);

/** Its physical id is the instance's id. */
export const instanceType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::Instance',
  async create(request) {
    const { scope, properties } = request;
    const { Instances } = await ec2.call('RunInstances', inputOf(request), scope);
    const id = Instances![0]!.InstanceId!;
    return finishing(id, async () => {
      const check = flagOf(properties, 'SourceDestCheck');
      if (check === false) {
        await ec2.call(
          'ModifyInstanceAttribute',
          { InstanceId: id, SourceDestCheck: { Value: false } },
          scope,
        );
      }
      await settled(ec2, request, id, 'pending');
      return stateOf(ec2, scope, id);
    });
  },
  async update(request) {
    const { physicalId, properties, before, scope } = request;
    await changeRunning(ec2, scope, physicalId, properties, before);
    await changeStopped(ec2, request);
    await retag(ec2, request, physicalId);
    return stateOf(ec2, scope, physicalId);
  },
  async delete(request) {
    const { physicalId, scope } = request;
    await unless(NOT_FOUND, ec2.call('TerminateInstances', { InstanceIds: [physicalId] }, scope));
    await unless(NOT_FOUND, settled(ec2, request, physicalId, 'shutting-down'));
  },
  replaces: (property) => (IN_PLACE.has(property) ? false : REPLACING.has(property) ? true : undefined),
});

function inputOf(request: ResourceRequest): Input<'RunInstances'> {
  const { properties } = request;
  const template = objectOf(properties, 'LaunchTemplate');
  const profile = textOf(properties, 'IamInstanceProfile');
  const interfaces = objectsOf(properties, 'NetworkInterfaces');
  return withToken(request, {
    MinCount: 1,
    MaxCount: 1,
    ImageId: template ? textOf(properties, 'ImageId') : requiredText(properties, 'ImageId'),
    InstanceType: textOf(properties, 'InstanceType') as 't3.micro' | undefined,
    KeyName: textOf(properties, 'KeyName'),
    SubnetId: textOf(properties, 'SubnetId'),
    SecurityGroupIds: listOf(properties, 'SecurityGroupIds'),
    SecurityGroups: listOf(properties, 'SecurityGroups'),
    PrivateIpAddress: textOf(properties, 'PrivateIpAddress'),
    UserData: textOf(properties, 'UserData'),
    DisableApiTermination: flagOf(properties, 'DisableApiTermination'),
    EbsOptimized: flagOf(properties, 'EbsOptimized'),
    InstanceInitiatedShutdownBehavior: textOf(properties, 'InstanceInitiatedShutdownBehavior') as 'stop',
    BlockDeviceMappings: mappingsOf(properties),
    MetadataOptions: metadataOf(properties),
    CreditSpecification: creditsOf(properties),
    Monitoring: monitoringOf(properties, template !== undefined),
    Placement: placementOf(properties),
    ...optionsOf(properties),
    ...(template && { LaunchTemplate: launchTemplateOf(template) }),
    ...(profile !== undefined && { IamInstanceProfile: { Name: profile } }),
    ...(interfaces.length > 0 && { NetworkInterfaces: interfaces.map(interfaceOf) }),
    ...tagSpecifications(request, 'instance'),
  });
}

/** Without the property, the launch template decides, if there is one. */
function monitoringOf(properties: Properties, hasTemplate: boolean) {
  const Enabled = flagOf(properties, 'Monitoring');
  return Enabled === undefined && hasTemplate ? undefined : { Enabled: Enabled ?? false };
}

const launchTemplateOf = (template: Properties) => ({
  LaunchTemplateId: textOf(template, 'LaunchTemplateId'),
  LaunchTemplateName: textOf(template, 'LaunchTemplateName'),
  Version: requiredText(template, 'Version'),
});

const interfaceOf = (one: Properties) => ({
  DeviceIndex: numberOf(one, 'DeviceIndex'),
  SubnetId: textOf(one, 'SubnetId'),
  Groups: listOf(one, 'GroupSet'),
  NetworkInterfaceId: textOf(one, 'NetworkInterfaceId'),
  PrivateIpAddress: textOf(one, 'PrivateIpAddress'),
  AssociatePublicIpAddress: flagOf(one, 'AssociatePublicIpAddress'),
});

/** `undefined` if no member is given, so that the launch template's value applies. */
const given = <T extends object>(members: T): T | undefined =>
  Object.values(members).some((value) => value !== undefined) ? members : undefined;

const placementOf = (properties: Properties) =>
  given({
    AvailabilityZone: textOf(properties, 'AvailabilityZone'),
    GroupName: textOf(properties, 'PlacementGroupName'),
    HostId: textOf(properties, 'HostId'),
    HostResourceGroupArn: textOf(properties, 'HostResourceGroupArn'),
    Tenancy: textOf(properties, 'Tenancy') as 'default' | undefined,
  });

/** Options that EC2 stores or refuses by name. */
function optionsOf(properties: Properties) {
  const cpu = objectOf(properties, 'CpuOptions');
  return {
    CpuOptions: cpu && {
      CoreCount: numberOf(cpu, 'CoreCount'),
      ThreadsPerCore: numberOf(cpu, 'ThreadsPerCore'),
    },
    EnclaveOptions: given({ Enabled: flagOf(objectOf(properties, 'EnclaveOptions') ?? {}, 'Enabled') }),
    HibernationOptions: given({
      Configured: flagOf(objectOf(properties, 'HibernationOptions') ?? {}, 'Configured'),
    }),
    Ipv6AddressCount: numberOf(properties, 'Ipv6AddressCount'),
  };
}

function mappingsOf(properties: Properties) {
  const mappings = objectsOf(properties, 'BlockDeviceMappings');
  if (mappings.length === 0) return undefined;
  return mappings.map((one) => {
    const ebs = objectOf(one, 'Ebs');
    return {
      DeviceName: textOf(one, 'DeviceName'),
      VirtualName: textOf(one, 'VirtualName'),
      ...(one.NoDevice !== undefined && one.NoDevice !== null && { NoDevice: '' }),
      ...(ebs && {
        Ebs: {
          VolumeSize: numberOf(ebs, 'VolumeSize'),
          VolumeType: textOf(ebs, 'VolumeType') as 'gp3' | undefined,
          Iops: numberOf(ebs, 'Iops'),
          Encrypted: flagOf(ebs, 'Encrypted'),
          KmsKeyId: textOf(ebs, 'KmsKeyId'),
          SnapshotId: textOf(ebs, 'SnapshotId'),
          DeleteOnTermination: flagOf(ebs, 'DeleteOnTermination'),
        },
      }),
    };
  });
}

async function stateOf(ec2: Ec2Client, scope: Scope, id: string): Promise<ResourceState> {
  const { Reservations } = await ec2.call('DescribeInstances', { InstanceIds: [id] }, scope);
  const instance = Reservations![0]!.Instances![0]!;
  return {
    physicalId: id,
    attributes: {
      InstanceId: id,
      AvailabilityZone: instance.Placement?.AvailabilityZone ?? '',
      PrivateDnsName: instance.PrivateDnsName ?? '',
      PrivateIp: instance.PrivateIpAddress ?? '',
      PublicDnsName: instance.PublicDnsName ?? '',
      PublicIp: instance.PublicIpAddress ?? '',
      VpcId: instance.VpcId ?? '',
      'State.Code': String(instance.State?.Code ?? ''),
      'State.Name': instance.State?.Name ?? '',
    },
  };
}
