// DescribeNetworkInterfaces: the interfaces of instances, NAT gateways, endpoints, cache nodes and functions.

import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import type { RequestContext } from '../../../wire/service.ts';
import type { Ec2 } from '../context.ts';
import {
  type Describable,
  inMemory,
  inTurns,
  MOST_BY_INDEX,
  partsOf,
  recordsOf,
  type Source,
  select,
  selectionOf,
} from '../describe.ts';
import { remembering } from '../instances.ts';
import { attachmentIdOf, attachmentOf, isRequesterManaged } from '../interface-attachments.ts';
import { tagReader } from '../inventory.ts';
import {
  countInterfaces,
  type InterfaceFacts,
  interfacesBy,
  interfaceWith,
  ofEndpoint,
  ofInstance,
  ofNatGateway,
} from '../network-interfaces.ts';
import { viewAddresses } from '../public-addresses.ts';
import { NETWORK_INTERFACE } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { serviceInterfacesIn } from '../service-interfaces.ts';

type ZoneOf = (one: InterfaceFacts) => string | undefined;

export const DescribeNetworkInterfaces: Operation<'DescribeNetworkInterfaces'> = async (
  ec2,
  input,
  context,
) => {
  const tagsOf = tagReader(ec2, context);
  const zoneOf: ZoneOf = zonesOf(ec2, context);
  const { items, nextToken } = await select(
    sourceOf(ec2, context, await serviceInterfacesIn(ec2, context)),
    describable(context.accountId, zoneOf),
    selectionOf(input, input.NetworkInterfaceIds),
    tagsOf,
  );
  const groupName = remembering((id) => ec2.records.securityGroups.find(context, id)?.groupName);
  return {
    NetworkInterfaces: await inTurns(items, (one) => ({
      ...view(one, context, zoneOf),
      Groups: one.groupIds.map((GroupId) => ({ GroupId, GroupName: groupName(GroupId) })),
      TagSet: listTags(tagsOf(one.interfaceId)),
    })),
    NextToken: nextToken,
  };
};

function zonesOf(ec2: Ec2, scope: Scope): ZoneOf {
  const zone = remembering((subnetId) => ec2.records.subnets.find(scope, subnetId)?.zone);
  return (one) => zone(one.subnetId);
}

/** Sorted by owner: ids of instances sort before those of NAT gateways, these before those of endpoints, then services. */
function sourceOf(ec2: Ec2, scope: Scope, ofServices: readonly InterfaceFacts[]): Source<InterfaceFacts> {
  const { instances, natGateways, vpcEndpoints } = ec2.records;
  const services = inMemory(ofServices, { idOf: (one) => one.interfaceId, sortKeyOf });
  const find = (id: string) => interfaceWith(ec2.records, scope, id) ?? services.find(id);
  const owners: { batches: Source<InterfaceFacts>['batches']; prefix: string }[] = [
    {
      prefix: 'i-',
      ...partsOf(recordsOf(instances, scope), { find, parts: (one) => ofInstance(ec2.records, scope, one) }),
    },
    {
      prefix: 'nat-',
      ...partsOf(recordsOf(natGateways, scope), {
        find,
        parts: (one) => ofNatGateway(ec2.records, scope, one),
      }),
    },
    { prefix: 'vpce-', ...partsOf(recordsOf(vpcEndpoints, scope), { find, parts: ofEndpoint }) },
    { prefix: '~', ...services },
  ];
  return {
    find,
    async *batches(after) {
      for (const { prefix, batches } of owners) {
        if (after === undefined || after < `${prefix}~`) yield* batches(after);
      }
    },
    byFilter(name, values) {
      const index = Object.hasOwn(BY_INDEX, name) ? BY_INDEX[name] : undefined;
      const count = (value: string) => countInterfaces(ec2.records, scope, index!, value);
      if (!index || values.reduce((sum, value) => sum + count(value), 0) > MOST_BY_INDEX) return undefined;
      const found = values.flatMap((value) => [
        ...interfacesBy(ec2.records, scope, index, value),
        ...ofServices.filter((one) => isIn(one, index, value)),
      ]);
      return [...new Map(found.map((one) => [one.interfaceId, one])).values()];
    },
  };
}

const isIn = (one: InterfaceFacts, index: 'group' | 'interface' | 'subnet' | 'vpc', key: string): boolean => {
  const keys = {
    group: one.groupIds,
    interface: [one.interfaceId],
    subnet: [one.subnetId],
    vpc: [one.vpcId],
  };
  return keys[index].includes(key);
};

const BY_INDEX: Record<string, 'group' | 'interface' | 'subnet' | 'vpc'> = {
  'group-id': 'group',
  'network-interface-id': 'interface',
  'subnet-id': 'subnet',
  'vpc-id': 'vpc',
};

function view(one: InterfaceFacts, context: RequestContext, zoneOf: ZoneOf): NetworkInterface {
  return {
    NetworkInterfaceId: one.interfaceId,
    // AWS: the service has types that the model does not have.
    InterfaceType: one.type as 'interface',
    Description: one.description,
    VpcId: one.vpcId,
    SubnetId: one.subnetId,
    AvailabilityZone: zoneOf(one),
    OwnerId: context.accountId,
    RequesterId: one.requesterId,
    RequesterManaged: isRequesterManaged(one),
    Status: 'in-use',
    SourceDestCheck: one.sourceDestCheck,
    ...viewAddresses(one.privateIp, one.publicIp, context.region),
    Attachment: attachmentOf(one, context),
    Ipv6Addresses: [],
  };
}

const sortKeyOf = (one: InterfaceFacts): string => `${one.ownerId} ${one.interfaceId}`;

const describable = (accountId: string, zoneOf: ZoneOf): Describable<InterfaceFacts> => ({
  kind: NETWORK_INTERFACE,
  idParameter: 'NetworkInterfaceIds',
  idOf: (one) => one.interfaceId,
  sortKeyOf,
  filters: {
    'addresses.private-ip-address': (one) => one.privateIp,
    'association.public-ip': (one) => one.publicIp,
    'attachment.attachment-id': attachmentIdOf,
    'attachment.delete-on-termination': (one) => attachmentOf(one, { accountId }).DeleteOnTermination,
    'attachment.device-index': (one) => String(attachmentOf(one, { accountId }).DeviceIndex),
    'attachment.instance-id': (one) => one.instanceId,
    'attachment.instance-owner-id': (one) => attachmentOf(one, { accountId }).InstanceOwnerId,
    'attachment.status': () => 'attached',
    'availability-zone': zoneOf,
    description: (one) => one.description,
    'group-id': (one) => one.groupIds,
    'interface-type': (one) => one.type,
    'network-interface-id': (one) => one.interfaceId,
    'owner-id': () => accountId,
    'private-ip-address': (one) => one.privateIp,
    'requester-id': (one) => one.requesterId,
    'requester-managed': isRequesterManaged,
    'source-dest-check': (one) => one.sourceDestCheck,
    status: () => 'in-use',
    'subnet-id': (one) => one.subnetId,
    'vpc-id': (one) => one.vpcId,
  },
});
