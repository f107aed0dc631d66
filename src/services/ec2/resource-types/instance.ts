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
      return stateOf(ec2, scope, id);
    });
  },
  async update(request) {
    const { physicalId, properties, before, scope } = request;
    await changeRunning(ec2, scope, physicalId, properties, before);
    await changeStopped(ec2, scope, physicalId, properties, before);
    await retag(ec2, request, physicalId);
    return stateOf(ec2, scope, physicalId);
  },
  async delete({ physicalId, scope }) {
    await unless(NOT_FOUND, ec2.call('TerminateInstances', { InstanceIds: [physicalId] }, scope));
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

function metadataOf(properties: Properties) {
  const options = objectOf(properties, 'MetadataOptions');
  return (
    options && {
      HttpTokens: textOf(options, 'HttpTokens') as 'required' | undefined,
      HttpEndpoint: textOf(options, 'HttpEndpoint') as 'enabled' | undefined,
      HttpPutResponseHopLimit: numberOf(options, 'HttpPutResponseHopLimit'),
      InstanceMetadataTags: textOf(options, 'InstanceMetadataTags') as 'enabled' | undefined,
    }
  );
}

function creditsOf(properties: Properties) {
  const CpuCredits = textOf(objectOf(properties, 'CreditSpecification') ?? {}, 'CPUCredits');
  return CpuCredits === undefined ? undefined : { CpuCredits };
}

const isChanged = (name: string, after: Properties, before: Properties): boolean =>
  JSON.stringify(after[name] ?? null) !== JSON.stringify(before[name] ?? null);

async function changeRunning(
  ec2: Ec2Client,
  scope: Scope,
  InstanceId: string,
  after: Properties,
  before: Properties,
): Promise<void> {
  const modify = (change: Omit<Input<'ModifyInstanceAttribute'>, 'InstanceId'>) =>
    ec2.call('ModifyInstanceAttribute', { InstanceId, ...change }, scope);
  if (isChanged('SecurityGroupIds', after, before)) {
    await modify({ Groups: listOf(after, 'SecurityGroupIds') ?? [] });
  }
  if (isChanged('DisableApiTermination', after, before)) {
    await modify({ DisableApiTermination: { Value: flagOf(after, 'DisableApiTermination') ?? false } });
  }
  if (isChanged('SourceDestCheck', after, before)) {
    await modify({ SourceDestCheck: { Value: flagOf(after, 'SourceDestCheck') ?? true } });
  }
  if (isChanged('InstanceInitiatedShutdownBehavior', after, before)) {
    const Value = textOf(after, 'InstanceInitiatedShutdownBehavior') ?? 'stop';
    await modify({ InstanceInitiatedShutdownBehavior: { Value } });
  }
  const metadata = metadataOf(after);
  if (metadata && isChanged('MetadataOptions', after, before)) {
    await ec2.call('ModifyInstanceMetadataOptions', { InstanceId, ...metadata }, scope);
  }
  const credits = creditsOf(after);
  if (credits && isChanged('CreditSpecification', after, before)) {
    const InstanceCreditSpecifications = [{ InstanceId, ...credits }];
    await ec2.call('ModifyInstanceCreditSpecification', { InstanceCreditSpecifications }, scope);
  }
  if (isChanged('Monitoring', after, before)) {
    const operation = flagOf(after, 'Monitoring') ? 'MonitorInstances' : 'UnmonitorInstances';
    await ec2.call(operation, { InstanceIds: [InstanceId] }, scope);
  }
  if (isChanged('IamInstanceProfile', after, before)) {
    await setProfile(ec2, scope, InstanceId, textOf(after, 'IamInstanceProfile'));
  }
}

async function setProfile(
  ec2: Ec2Client,
  scope: Scope,
  id: string,
  profile: string | undefined,
): Promise<void> {
  const Filters = [{ Name: 'instance-id', Values: [id] }];
  const held = await ec2.call('DescribeIamInstanceProfileAssociations', { Filters }, scope);
  for (const { AssociationId } of held.IamInstanceProfileAssociations ?? []) {
    await ec2.call('DisassociateIamInstanceProfile', { AssociationId: AssociationId! }, scope);
  }
  if (profile === undefined) return;
  const input = { InstanceId: id, IamInstanceProfile: { Name: profile } };
  await ec2.call('AssociateIamInstanceProfile', input, scope);
}

async function changeStopped(
  ec2: Ec2Client,
  scope: Scope,
  InstanceId: string,
  after: Properties,
  before: Properties,
): Promise<void> {
  const changed = ['InstanceType', 'UserData', 'EbsOptimized'].filter((name) =>
    isChanged(name, after, before),
  );
  if (changed.length === 0) return;
  await ec2.call('StopInstances', { InstanceIds: [InstanceId] }, scope);
  for (const name of changed) {
    const UserData = { Value: Buffer.from(textOf(after, 'UserData') ?? '', 'base64') };
    const change =
      name === 'UserData'
        ? { UserData }
        : name === 'InstanceType'
          ? { InstanceType: { Value: textOf(after, 'InstanceType') ?? 'm1.small' } }
          : { EbsOptimized: { Value: flagOf(after, 'EbsOptimized') ?? false } };
    await ec2.call('ModifyInstanceAttribute', { InstanceId, ...change }, scope);
  }
  await ec2.call('StartInstances', { InstanceIds: [InstanceId] }, scope);
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
