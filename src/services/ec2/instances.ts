// AWS's view of an instance.

import type { Instance } from '@aws-sdk/client-ec2';
import { machineImagesOf } from '../../aws/machine-images.ts';
import { partitionOf, type Scope } from '../../aws/scope.ts';
import { listTags } from '../../aws/tags.ts';
import { derivedHex } from '../../kernel/ids.ts';
import type { Ec2 } from './context.ts';
import { viewMetadata } from './instance-options.ts';
import { instanceTypeOf } from './instance-types.ts';
import { tagReader } from './inventory.ts';
import type { InstanceRecord } from './model.ts';
import { privateDnsNameOf, publicDnsNameOf, viewAddresses } from './public-addresses.ts';
import { ROOT_DEVICE, volumesOf } from './volumes.ts';

/** Reads other records that views need. Each record is read once, however many instances a list has. */
export interface Surroundings {
  tagsOf(resourceId: string): Record<string, string>;
  groupNameOf(groupId: string): string | undefined;
  hasDnsHostnames(vpcId: string): boolean;
  elasticIpOf(instanceId: string): string | undefined;
}

/** For one request. */
export function surroundings(ec2: Ec2, scope: Scope): Surroundings {
  const { securityGroups, vpcs, addresses } = ec2.records;
  return {
    tagsOf: tagReader(ec2, scope),
    groupNameOf: remembering((id) => securityGroups.find(scope, id)?.groupName),
    hasDnsHostnames: remembering((id) => vpcs.find(scope, id)?.enableDnsHostnames === true),
    elasticIpOf: remembering((id) => addresses.by(scope, 'instance', id)[0]?.publicIp),
  };
}

/** Caches the results of `read` for the duration of a request. */
export function remembering<V>(read: (id: string) => V): (id: string) => V {
  const known = new Map<string, V>();
  return (id) => {
    if (!known.has(id)) known.set(id, read(id));
    return known.get(id) as V;
  };
}

const STATE_CODES = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** AWS's code and name of a state. */
export const stateView = (name: keyof typeof STATE_CODES) => ({ Code: STATE_CODES[name], Name: name });

/** The elastic address of the instance, or else its own public address. */
export const publicIpOf = (instance: InstanceRecord, around: Surroundings): string | undefined =>
  instance.state === 'terminated'
    ? undefined
    : (around.elasticIpOf(instance.instanceId) ?? instance.publicIp);

/** The architecture of the image if it is known, or else of the type. */
export function architectureOf(scope: Scope, imageId: string, instanceType: string): 'arm64' | 'x86_64' {
  const image = machineImagesOf(scope.region).find((one) => one.imageId === imageId);
  return image?.architecture ?? instanceTypeOf(instanceType)?.architecture ?? 'x86_64';
}

/** As DescribeInstances returns it. */
export function viewInstance(instance: InstanceRecord, scope: Scope, around: Surroundings): Instance {
  const isGone = instance.state === 'terminated';
  const publicIp = publicIpOf(instance, around);
  const hasNames = around.hasDnsHostnames(instance.vpcId);
  const groups = instance.groupIds.map((GroupId) => ({ GroupId, GroupName: around.groupNameOf(GroupId) }));
  return {
    InstanceId: instance.instanceId,
    ImageId: instance.imageId,
    InstanceType: instance.instanceType as 't3.micro',
    State: stateView(instance.state),
    StateTransitionReason: transitionReason(instance),
    StateReason: stateReason(instance),
    Architecture: architectureOf(scope, instance.imageId, instance.instanceType),
    Placement: { AvailabilityZone: instance.zone, GroupName: '', Tenancy: 'default' },
    LaunchTime: new Date(instance.launchedAt),
    AmiLaunchIndex: instance.launchIndex,
    KeyName: instance.keyName,
    IamInstanceProfile: viewProfile(instance, scope),
    PrivateDnsName: isGone ? '' : privateDnsNameOf(instance.privateIp, scope.region),
    PublicDnsName: publicIp && hasNames ? publicDnsNameOf(publicIp, scope.region) : '',
    PublicIpAddress: publicIp,
    ...(isGone ? {} : networkView(instance, scope, publicIp, groups)),
    SecurityGroups: isGone ? [] : groups,
    EbsOptimized: instance.ebsOptimized,
    EnaSupport: true,
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    RootDeviceName: ROOT_DEVICE,
    RootDeviceType: 'ebs',
    BlockDeviceMappings: isGone ? [] : mappingsOf(instance),
    ClientToken: '',
    Monitoring: { State: instance.monitored ? 'enabled' : 'disabled' },
    MetadataOptions: viewMetadata(instance.metadata, 'applied'),
    CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
    CpuOptions: cpuOf(instance),
    EnclaveOptions: { Enabled: false },
    HibernationOptions: { Configured: false },
    MaintenanceOptions: { AutoRecovery: 'default' },
    PrivateDnsNameOptions: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    UsageOperationUpdateTime: new Date(instance.launchedAt),
    CurrentInstanceBootMode: 'legacy-bios',
    ProductCodes: [],
    Tags: listTags(around.tagsOf(instance.instanceId)),
  };
}

/** The block device mappings of the instance's volumes. */
export const mappingsOf = (instance: InstanceRecord) =>
  volumesOf(instance).map((volume) => ({
    DeviceName: volume.device,
    Ebs: {
      VolumeId: volume.volumeId,
      Status: 'attached' as const,
      AttachTime: new Date(instance.launchedAt),
      DeleteOnTermination: volume.deleteOnTermination,
    },
  }));

/** A core has two threads, except on Arm and with one vCPU. */
function cpuOf({ instanceType, cpu }: InstanceRecord) {
  if (cpu) return { CoreCount: cpu.cores, ThreadsPerCore: cpu.threads };
  const type = instanceTypeOf(instanceType);
  if (!type) return undefined;
  const threads = type.architecture === 'arm64' || type.vcpus === 1 ? 1 : 2;
  return { CoreCount: type.vcpus / threads, ThreadsPerCore: threads };
}

function networkView(
  instance: InstanceRecord,
  scope: Scope,
  publicIp: string | undefined,
  groups: { GroupId: string; GroupName: string | undefined }[],
) {
  return {
    VpcId: instance.vpcId,
    SubnetId: instance.subnetId,
    PrivateIpAddress: instance.privateIp,
    SourceDestCheck: instance.sourceDestCheck,
    NetworkInterfaces: [
      {
        NetworkInterfaceId: instance.interfaceId,
        InterfaceType: 'interface',
        OwnerId: scope.accountId,
        VpcId: instance.vpcId,
        SubnetId: instance.subnetId,
        Status: 'in-use' as const,
        SourceDestCheck: instance.sourceDestCheck,
        ...viewAddresses(instance.privateIp, publicIp, scope.region),
        Groups: groups,
        Attachment: {
          AttachmentId: instance.attachmentId,
          AttachTime: new Date(instance.launchedAt),
          DeleteOnTermination: true,
          DeviceIndex: 0,
          Status: 'attached' as const,
        },
      },
    ],
  };
}

const isUp = ({ state }: InstanceRecord): boolean => state === 'running' || state === 'pending';

/** AWS: only ends that a user asked for have a time. */
function transitionReason(instance: InstanceRecord): string {
  if (isUp(instance)) return '';
  const { stateReason, stateChangedAt } = instance;
  if (stateReason) return stateReason.code.startsWith('Server.') ? stateReason.code : '';
  return `User initiated (${new Date(stateChangedAt).toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
}

function stateReason(instance: InstanceRecord) {
  const { state } = instance;
  if (state === 'running') return undefined;
  if (state === 'pending') return { Code: 'pending', Message: 'pending' };
  const { code, message } = instance.stateReason ?? BY_USER;
  return { Code: code, Message: message };
}

const BY_USER = {
  code: 'Client.UserInitiatedShutdown',
  message: 'Client.UserInitiatedShutdown: User initiated shutdown',
};

/** AWS's view of the instance's profile; `undefined` if it has none. */
export function viewProfile(instance: InstanceRecord, scope: Scope) {
  const given = instance.instanceProfile;
  if (given === undefined) return undefined;
  const name = `instance-profile/${given}`;
  const Arn = given.startsWith('arn:')
    ? given
    : `arn:${partitionOf(scope.region)}:iam::${scope.accountId}:${name}`;
  return { Arn, Id: `AIPA${derivedHex(17, Arn).toUpperCase()}` };
}
