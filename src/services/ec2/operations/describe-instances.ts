// DescribeInstances, by reservation, and DescribeInstanceStatus.

import type { Scope } from '../../../kernel/scope.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { type Describable, inTurns, type Source, select, selectionOf } from '../describe.ts';
import { shownOnly } from '../ended.ts';
import {
  architectureOf,
  publicIpOf,
  type Surroundings,
  stateView,
  surroundings,
  viewInstance,
} from '../instances.ts';
import type { Inventory } from '../inventory.ts';
import { privateDnsNameOf, publicDnsNameOf } from '../public-addresses.ts';
import type { InstanceRecord } from '../records.ts';
import { INSTANCE } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';

export function describeInstances(inventory: Inventory): HandlerOf<Ec2, 'DescribeInstances'> {
  return async (input, context) => {
    const around = surroundings(inventory, context);
    const { items, nextToken } = await select(
      shownOnly(inventory, inventory.instances, context, endedAtOf, { indexes: BY_INDEX, isUnsorted: true }),
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
}

export function describeInstanceStatus(inventory: Inventory): HandlerOf<Ec2, 'DescribeInstanceStatus'> {
  return async (input, context) => {
    const around = surroundings(inventory, context);
    const { items, nextToken } = await select(
      statusOf(inventory, context, input.IncludeAllInstances === true),
      describable(context, around),
      selectionOf(input, input.InstanceIds),
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
}

/** AWS: of running instances only, unless all are asked for. */
function statusOf(inventory: Inventory, scope: Scope, isOfAll: boolean): Source<InstanceRecord> {
  const isMeant = (one: InstanceRecord) => isOfAll || one.state === 'running';
  const source = shownOnly(inventory, inventory.instances, scope, endedAtOf, { isUnsorted: true });
  return {
    isUnsorted: true,
    find(id) {
      const found = source.find(id);
      return found && isMeant(found) ? found : undefined;
    },
    async *batches(after) {
      for await (const batch of source.batches(after)) yield batch.filter(isMeant);
    },
  };
}

export const endedAtOf = (one: InstanceRecord): number | undefined =>
  one.state === 'terminated' ? one.stateChangedAt : undefined;

/** Indexes of instances that run or are stopped only cannot tell of those that ended. */
const BY_INDEX = {
  'network-interface.network-interface-id': 'interface',
};

const summaryOf = (instance: InstanceRecord) =>
  instance.state === 'running'
    ? { Status: 'ok' as const, Details: [{ Name: 'reachability' as const, Status: 'passed' as const }] }
    : { Status: 'not-applicable' as const };

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
      'dns-name': (one) => {
        const address = publicIp(one);
        return address && publicDnsNameOf(address, scope.region);
      },
      'group-id': groupIds,
      'group-name': groupNames,
      hypervisor: () => 'xen',
      'iam-instance-profile.arn': (one) => viewInstance(one, scope, around).IamInstanceProfile?.Arn,
      'iam-instance-profile.name': (one) => one.instanceProfile?.split('/').at(-1),
      'image-id': (one) => one.imageId,
      'instance-id': (one) => one.instanceId,
      'instance-state-code': (one) => stateView(one.state).Code,
      'instance-state-name': (one) => one.state,
      'instance-type': (one) => one.instanceType,
      'instance.group-id': groupIds,
      'instance.group-name': groupNames,
      'ip-address': publicIp,
      'key-name': (one) => one.keyName,
      'launch-time': (one) => new Date(one.launchedAt).toISOString(),
      'monitoring-state': (one) => (one.monitored ? 'enabled' : 'disabled'),
      'network-interface.network-interface-id': (one) => one.interfaceId,
      'network-interface.subnet-id': (one) => one.subnetId,
      'network-interface.vpc-id': (one) => one.vpcId,
      'network-interface.addresses.private-ip-address': (one) => one.privateIp,
      'owner-id': () => scope.accountId,
      'private-dns-name': privateDns,
      'private-ip-address': (one) => one.privateIp,
      'reservation-id': (one) => one.reservationId,
      'root-device-type': () => 'ebs',
      'subnet-id': (one) => one.subnetId,
      tenancy: () => 'default',
      'virtualization-type': () => 'hvm',
      'vpc-id': (one) => one.vpcId,
    },
  };
};
