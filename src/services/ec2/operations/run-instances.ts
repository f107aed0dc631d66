// RunInstances: creates records of instances, each with an address in its subnet. Where instances run on this host the
// controller boots them; elsewhere they run at once, as records.

import type { Scope } from '../../../aws/scope.ts';
import type { Ec2 } from '../context.ts';
import { defaultVpcOf } from '../default-vpc.ts';
import { invalidZone, missingParameter, notFound } from '../faults.ts';
import { groupsOfInterface } from '../groups-of-interface.ts';
import {
  architectureMismatch,
  groupsTwice,
  instanceLimit,
  invalidCount,
  invalidInstanceType,
  noDefaultSubnet,
  noDefaultVpcForInstance,
  subnetTwice,
} from '../instance-faults.ts';
import { metadataOfImage } from '../instance-options.ts';
import { instanceTypeOf, isInstanceTypeName } from '../instance-types.ts';
import { architectureOf, stateView, surroundings, viewInstance } from '../instances.ts';
import { putTags } from '../inventory.ts';
import { launchAsked } from '../launch-templates.ts';
import { LIMITS } from '../limits.ts';
import type { InstanceRecord, KeyPairRecord, SubnetRecord } from '../model.ts';
import { unsupported } from '../network-faults.ts';
import { addressIn, freeAddressesIn } from '../private-addresses.ts';
import { newPublicAddress } from '../public-addresses.ts';
import { requestedVolumes } from '../requested-volumes.ts';
import { IMAGE, INSTANCE, KEY_PAIR, NETWORK_INTERFACE, newId, VOLUME } from '../resource-kinds.ts';
import { checkForm } from '../resources.ts';
import type { Input, Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { specifiedTags } from '../tags.ts';
import { checkUserData } from '../user-data.ts';
import { volumesOf } from '../volumes.ts';
import { optionsOf, refuseUnsupported } from './run-instances-options.ts';
import { securityGroupNamed } from './security-group-rules.ts';

type RunInstances = Input<'RunInstances'>;

const DEFAULT_TYPE = 'm1.small';

/** Creates all the instances, or none. Throws the faults of invalid options, of networks and of quotas. */
export const RunInstances: Operation<'RunInstances'> = (ec2, given, context) => {
  const { input, tags: tagsOfTemplate } = launchAsked(ec2, context, given);
  const count = countOf(input);
  const { imageId, instanceType } = kindOf(context, input);
  const place = placeAsked(input);
  const userData = checkUserData(input.UserData);
  refuseUnsupported(input);
  const options = optionsOf(input, instanceType, metadataOfImage(context.region, imageId));
  const volumes = () => requestedVolumes(input.BlockDeviceMappings);
  volumes();
  return ec2.store.transaction(() => {
    const alive = ec2.records.instances.countBy(context, 'alive', 'yes');
    if (alive + count > LIMITS.instances) throw instanceLimit(alive + count, LIMITS.instances);
    const key = keyNamed(ec2, context, input.KeyName);
    const subnet = place.subnetId
      ? ec2.records.subnets.existing(context, place.subnetId)
      : defaultSubnet(ec2, context, input.Placement?.AvailabilityZone);
    const named = (place.groupNames ?? []).map((GroupName) =>
      securityGroupNamed(ec2, context, { GroupName }),
    );
    const asked = [...(place.groupIds ?? []), ...named.map((group) => group.groupId)];
    const groupIds = groupsOfInterface(ec2, context, subnet.vpcId, asked);
    const reservationId = newId({ idPrefix: 'r' });
    const now = ec2.clock.now();
    const profile = input.IamInstanceProfile;
    const nextFree = freeAddressesIn(ec2, context, subnet);
    const nextAddress = () => ec2.machines.takeAddress(subnet) ?? nextFree();
    const machine = ec2.machines.machineIn(subnet, key);
    const made = Array.from({ length: count }, (_, launchIndex): InstanceRecord => {
      const wantsPublicIp = place.publicIp ?? subnet.mapPublicIpOnLaunch;
      const instance: InstanceRecord = {
        instanceId: newId(INSTANCE),
        reservationId,
        imageId,
        instanceType,
        vpcId: subnet.vpcId,
        subnetId: subnet.subnetId,
        zone: subnet.zone,
        privateIp: place.privateIp ? addressIn(ec2, context, subnet, place.privateIp) : nextAddress(),
        wantsPublicIp,
        ...(wantsPublicIp && { publicIp: newPublicAddress(ec2, context) }),
        interfaceId: newId(NETWORK_INTERFACE),
        attachmentId: newId({ idPrefix: 'eni-attach' }),
        groupIds,
        sourceDestCheck: true,
        ...(input.KeyName && { keyName: input.KeyName }),
        ...((profile?.Arn ?? profile?.Name) && { instanceProfile: profile?.Arn ?? profile?.Name }),
        ...(userData && { userData }),
        ebsOptimized: input.EbsOptimized === true,
        monitored: input.Monitoring?.Enabled === true,
        terminationProtected: input.DisableApiTermination === true,
        ...options,
        volumes: volumes(),
        launchIndex,
        launchedAt: now,
        state: machine ? 'pending' : 'running',
        stateChangedAt: now,
        ...(machine && { machine }),
      };
      // Stored before the next one is made, so that it sees which addresses are taken.
      ec2.records.instances.put(context, instance);
      ec2.machines.changed(context, instance.instanceId);
      tagInstance(ec2, context, instance, input.TagSpecifications, tagsOfTemplate);
      return instance;
    });
    const around = surroundings(ec2, context);
    return {
      ReservationId: reservationId,
      OwnerId: context.accountId,
      Groups: [],
      // AWS: the state is `pending` in this response.
      Instances: made.map((one) => ({
        ...viewInstance(one, context, around),
        State: stateView('pending'),
      })),
    };
  });
};

/** Throws InvalidKeyPair.NotFound. */
function keyNamed(ec2: Ec2, scope: Scope, name: string | undefined): KeyPairRecord | undefined {
  if (!name) return undefined;
  const [found] = ec2.records.keyPairs.by(scope, 'name', name);
  if (!found) throw notFound(KEY_PAIR, [name]);
  return found;
}

function tagInstance(
  ec2: Ec2,
  context: Parameters<typeof tagAtCreation>[1],
  instance: InstanceRecord,
  specifications: RunInstances['TagSpecifications'],
  tagsOfTemplate: Record<string, string>,
): void {
  const parts = [
    { kind: NETWORK_INTERFACE, ids: [instance.interfaceId] },
    { kind: VOLUME, ids: volumesOf(instance).map(({ volumeId }) => volumeId) },
  ];
  const { resourceType } = INSTANCE;
  const own = specifications?.filter((one) =>
    parts.every(({ kind }) => one.ResourceType !== kind.resourceType),
  );
  const tags = { ...specifiedTags(own, resourceType, context), ...tagsOfTemplate };
  putTags(ec2, context, { resourceId: instance.instanceId, resourceType, tags });
  for (const { kind, ids } of parts) {
    const given = specifications?.filter((one) => one.ResourceType === kind.resourceType);
    if (given?.length) for (const id of ids) tagAtCreation(ec2, context, kind, id, given);
  }
}

function countOf({ MinCount, MaxCount }: RunInstances): number {
  const minimum = MinCount ?? 1;
  const maximum = MaxCount ?? minimum;
  if (!Number.isInteger(minimum) || minimum < 1 || maximum < minimum) throw invalidCount(minimum, maximum);
  if (maximum > LIMITS.instances) throw instanceLimit(maximum, LIMITS.instances);
  return maximum;
}

function kindOf(scope: Scope, input: RunInstances): { imageId: string; instanceType: string } {
  const imageId = input.ImageId;
  if (!imageId) throw missingParameter('ImageId');
  checkForm(IMAGE, imageId);
  const instanceType = input.InstanceType ?? DEFAULT_TYPE;
  if (!isInstanceTypeName(instanceType)) throw invalidInstanceType(instanceType);
  const ofImage = architectureOf(scope, imageId, instanceType);
  const ofType = instanceTypeOf(instanceType)?.architecture ?? ofImage;
  if (ofType !== ofImage) throw architectureMismatch(ofType, ofImage);
  return { imageId, instanceType };
}

interface PlaceAsked {
  subnetId: string | undefined;
  groupIds: string[] | undefined;
  groupNames: string[] | undefined;
  privateIp: string | undefined;
  publicIp: boolean | undefined;
}

/** A request gives subnet, groups and addresses on the instance or on its only network interface, not on both. */
function placeAsked(input: RunInstances): PlaceAsked {
  const [first, ...others] = input.NetworkInterfaces ?? [];
  if (!first) {
    return {
      subnetId: input.SubnetId,
      groupIds: input.SecurityGroupIds,
      groupNames: input.SecurityGroups,
      privateIp: input.PrivateIpAddress,
      publicIp: undefined,
    };
  }
  if (others.length > 0) throw unsupported('instances with several network interfaces');
  if (first.NetworkInterfaceId) throw unsupported('network interfaces made beforehand');
  if (input.SubnetId) throw subnetTwice();
  if (input.SecurityGroupIds?.length || input.SecurityGroups?.length) throw groupsTwice();
  const primary = first.PrivateIpAddresses?.find((one) => one.Primary)?.PrivateIpAddress;
  return {
    subnetId: first.SubnetId,
    groupIds: first.Groups,
    groupNames: undefined,
    privateIp: first.PrivateIpAddress ?? primary,
    publicIp: first.AssociatePublicIpAddress,
  };
}

function defaultSubnet(ec2: Ec2, scope: Scope, zone: string | undefined): SubnetRecord {
  const vpc = defaultVpcOf(ec2, scope);
  if (!vpc) throw noDefaultVpcForInstance();
  const subnets = ec2.records.subnets.by(scope, 'vpc', vpc.vpcId).filter((one) => one.defaultForZone);
  const sorted = subnets.sort((a, b) => (a.zone < b.zone ? -1 : 1));
  const chosen = zone === undefined ? sorted[0] : sorted.find((one) => one.zone === zone);
  if (chosen) return chosen;
  if (zone !== undefined && !zone.startsWith(scope.region)) throw invalidZone(zone);
  throw noDefaultSubnet(zone);
}
