// DescribeInstances, grouped by reservation, and DescribeInstanceStatus.

import type { Scope } from '../../../aws/scope.ts';
import { type Describable, inTurns, select, selectionOf } from '../describe.ts';
import type { FilterReaders } from '../filters.ts';
import { viewMetadata } from '../instance-options.ts';
import {
  architectureOf,
  publicIpOf,
  type Surroundings,
  stateView,
  surroundings,
  viewInstance,
  viewProfile,
} from '../instances.ts';
import type { InstanceRecord } from '../model.ts';
import { privateDnsNameOf, publicDnsNameOf } from '../public-addresses.ts';
import { withoutLongEnded } from '../recently-ended.ts';
import { INSTANCE } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { ROOT_DEVICE, volumesOf } from '../volumes.ts';
import { zoneIdOf } from '../zones.ts';

/** Sorted by reservation. Terminated instances are listed for an hour. */
export const DescribeInstances: Operation<'DescribeInstances'> = async (ec2, input, context) => {
  const around = surroundings(ec2, context);
  const { items, nextToken } = await select(
    withoutLongEnded(ec2, ec2.records.instances, context, endedAtOf, { indexes: BY_INDEX, isUnsorted: true }),
    describable(context, around),
    selectionOf(input, input.InstanceIds),
    around.tagsOf,
  );
  const views = await inTurns(items, (one) => viewInstance(one, context, around));
  const reservations = Map.groupBy(items.keys(), (index) => items[index]!.reservationId);
  return {
    Reservations: [...reservations].map(([ReservationId, indexes]) => ({
      ReservationId,
      OwnerId: context.accountId,
      Groups: [],
      Instances: indexes.map((index) => views[index]!),
    })),
    NextToken: nextToken,
  };
};

/** AWS: the checks of an instance are `initializing` while it boots, and pass afterwards. */
export const DescribeInstanceStatus: Operation<'DescribeInstanceStatus'> = async (ec2, input, context) => {
  const around = surroundings(ec2, context);
  const of = describable(context, around);
  // AWS: only running instances, even if ids are given, unless IncludeAllInstances is set.
  const Filters = [...(input.Filters ?? []), ...(input.IncludeAllInstances ? [] : [IS_RUNNING])];
  const { items, nextToken } = await select(
    withoutLongEnded(ec2, ec2.records.instances, context, endedAtOf, { isUnsorted: true }),
    { ...of, filters: { ...of.filters, ...STATUS_FILTERS }, list: 'instance status' },
    selectionOf({ ...input, Filters }, input.InstanceIds),
    around.tagsOf,
  );
  return {
    InstanceStatuses: items.map((one) => ({
      InstanceId: one.instanceId,
      AvailabilityZone: one.zone,
      InstanceState: stateView(one.state),
      InstanceStatus: summaryOf(one),
      SystemStatus: summaryOf(one),
      Events: [],
    })),
    NextToken: nextToken,
  };
};

/** When a terminated instance ended, in milliseconds since the epoch. */
export const endedAtOf = (one: InstanceRecord): number | undefined =>
  one.state === 'terminated' ? one.stateChangedAt : undefined;

/** Only this filter uses an index: the indexes do not contain terminated instances, which have no interface. */
const BY_INDEX = {
  'network-interface.network-interface-id': 'interface',
};

function summaryOf({ state, machine }: InstanceRecord) {
  if (state !== 'running') return { Status: 'not-applicable' as const, Details: undefined };
  const isReady = !machine || machine.isReady === true;
  return isReady ? CHECKED : INITIALIZING;
}

const CHECKED = {
  Status: 'ok' as const,
  Details: [{ Name: 'reachability' as const, Status: 'passed' as const }],
};
const INITIALIZING = {
  Status: 'initializing' as const,
  Details: [{ Name: 'reachability' as const, Status: 'initializing' as const }],
};

const IS_RUNNING = { Name: 'instance-state-name', Values: ['running'] };

const reachabilityOf = (one: InstanceRecord) => summaryOf(one).Details?.[0]?.Status;

const STATUS_FILTERS: FilterReaders<InstanceRecord> = {
  'event.code': () => undefined,
  'event.description': () => undefined,
  'event.instance-event-id': () => undefined,
  'event.not-after': () => undefined,
  'event.not-before': () => undefined,
  'event.not-before-deadline': () => undefined,
  'instance-status.reachability': reachabilityOf,
  'instance-status.status': (one) => summaryOf(one).Status,
  'system-status.reachability': reachabilityOf,
  'system-status.status': (one) => summaryOf(one).Status,
};

const describable = (scope: Scope, around: Surroundings): Describable<InstanceRecord> => {
  const publicIp = (one: InstanceRecord) => publicIpOf(one, around);
  const groupIds = (one: InstanceRecord) => one.groupIds;
  const groupNames = (one: InstanceRecord) => one.groupIds.map(around.groupNameOf);
  const privateDns = (one: InstanceRecord) => privateDnsNameOf(one.privateIp, scope.region);
  return {
    kind: INSTANCE,
    idParameter: 'InstanceIds',
    idOf: (one) => one.instanceId,
    sortKeyOf: (one) => `${one.reservationId} ${one.instanceId}`,
    filters: {
      architecture: (one) => architectureOf(scope, one.imageId, one.instanceType),
      'availability-zone': (one) => one.zone,
      'availability-zone-id': (one) => zoneIdOf(scope, one.zone),
      'block-device-mapping.delete-on-termination': (one) =>
        volumesOf(one).map((volume) => volume.deleteOnTermination),
      'block-device-mapping.device-name': (one) => volumesOf(one).map((volume) => volume.device),
      'block-device-mapping.status': (one) => volumesOf(one).map(() => 'attached'),
      'block-device-mapping.volume-id': (one) => volumesOf(one).map((volume) => volume.volumeId),
      'dns-name': (one) => {
        const address = publicIp(one);
        return address && publicDnsNameOf(address, scope.region);
      },
      'group-id': groupIds,
      'group-name': groupNames,
      hypervisor: () => 'xen',
      'iam-instance-profile.arn': (one) => viewProfile(one, scope)?.Arn,
      'iam-instance-profile.name': (one) => one.instanceProfile?.split('/').at(-1),
      'image-id': (one) => one.imageId,
      'instance-id': (one) => one.instanceId,
      'instance-state-code': (one) => stateView(one.state).Code,
      'instance-state-name': (one) => one.state,
      'instance-type': (one) => one.instanceType,
      'instance.group-id': groupIds,
      'instance.group-name': groupNames,
      'ip-address': publicIp,
      'instance-lifecycle': () => undefined,
      'ipv6-address': () => undefined,
      'kernel-id': () => undefined,
      'key-name': (one) => one.keyName,
      'launch-index': (one) => one.launchIndex,
      'metadata-options.http-endpoint': (one) => viewMetadata(one.metadata, 'applied').HttpEndpoint,
      'metadata-options.http-put-response-hop-limit': (one) =>
        viewMetadata(one.metadata, 'applied').HttpPutResponseHopLimit,
      'metadata-options.http-tokens': (one) => viewMetadata(one.metadata, 'applied').HttpTokens,
      'launch-time': (one) => new Date(one.launchedAt).toISOString(),
      'monitoring-state': (one) => (one.monitored ? 'enabled' : 'disabled'),
      'network-interface.network-interface-id': (one) => one.interfaceId,
      'network-interface.subnet-id': (one) => one.subnetId,
      'network-interface.vpc-id': (one) => one.vpcId,
      'network-interface.addresses.private-ip-address': (one) => one.privateIp,
      'owner-id': () => scope.accountId,
      'private-dns-name': privateDns,
      'private-ip-address': (one) => one.privateIp,
      'placement-group-name': () => undefined,
      platform: () => undefined,
      'product-code': () => undefined,
      'ramdisk-id': () => undefined,
      'reservation-id': (one) => one.reservationId,
      'root-device-name': () => ROOT_DEVICE,
      'root-device-type': () => 'ebs',
      'source-dest-check': (one) => one.sourceDestCheck,
      'spot-instance-request-id': () => undefined,
      'subnet-id': (one) => one.subnetId,
      tenancy: () => 'default',
      'virtualization-type': () => 'hvm',
      'vpc-id': (one) => one.vpcId,
    },
  };
};
