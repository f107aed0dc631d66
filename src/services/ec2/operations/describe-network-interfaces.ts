// DescribeNetworkInterfaces: those of instances, NAT gateways and endpoints. Cache nodes and functions have none here.

import type { NetworkInterface } from '@aws-sdk/client-ec2';
import { listTags } from '../../../aws/tags.ts';
import type { HandlerOf, RequestContext } from '../../../wire/service.ts';
import { type Describable, select, selectionOf } from '../describe.ts';
import type { Inventory } from '../inventory.ts';
import { type InterfaceFacts, interfacesOf } from '../network-interfaces.ts';
import { privateDnsNameOf, publicDnsNameOf } from '../public-addresses.ts';
import { NETWORK_INTERFACE } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';

type ZoneOf = (one: InterfaceFacts) => string | undefined;

export function describeNetworkInterfaces(inventory: Inventory): HandlerOf<Ec2, 'DescribeNetworkInterfaces'> {
  return (input, context) => {
    const tagsOf = inventory.tagLookup(context);
    const zones = new Map(inventory.subnets.list(context).map((subnet) => [subnet.subnetId, subnet.zone]));
    const zoneOf: ZoneOf = (one) => zones.get(one.subnetId);
    const { items, nextToken } = select(
      interfacesOf(inventory, context),
      describable(context.accountId, zoneOf),
      selectionOf(input, input.NetworkInterfaceIds),
      tagsOf,
    );
    const groupName = (groupId: string) => inventory.securityGroups.get(context, groupId)?.groupName;
    return {
      NetworkInterfaces: items.map((one) => ({
        ...view(one, context, zoneOf),
        Groups: one.groupIds.map((GroupId) => ({ GroupId, GroupName: groupName(GroupId) })),
        TagSet: listTags(tagsOf(one.interfaceId)),
      })),
      NextToken: nextToken,
    };
  };
}

function view(one: InterfaceFacts, context: RequestContext, zoneOf: ZoneOf): NetworkInterface {
  const PrivateDnsName = privateDnsNameOf(one.privateIp, context.region);
  const Association = one.publicIp
    ? {
        PublicIp: one.publicIp,
        PublicDnsName: publicDnsNameOf(one.publicIp, context.region),
        IpOwnerId: 'amazon',
      }
    : undefined;
  return {
    NetworkInterfaceId: one.interfaceId,
    // AWS: the service's words are not all in the model.
    InterfaceType: one.type as 'interface',
    Description: one.description,
    VpcId: one.vpcId,
    SubnetId: one.subnetId,
    AvailabilityZone: zoneOf(one),
    OwnerId: context.accountId,
    RequesterManaged: one.type !== 'interface',
    Status: 'in-use',
    SourceDestCheck: one.sourceDestCheck,
    PrivateIpAddress: one.privateIp,
    PrivateDnsName,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: one.privateIp, PrivateDnsName, Association }],
    Association,
    Attachment: one.instanceId
      ? {
          AttachmentId: one.attachmentId,
          AttachTime: new Date(one.createdAt),
          DeleteOnTermination: true,
          DeviceIndex: 0,
          InstanceId: one.instanceId,
          InstanceOwnerId: context.accountId,
          Status: 'attached',
        }
      : undefined,
    Ipv6Addresses: [],
  };
}

const describable = (accountId: string, zoneOf: ZoneOf): Describable<InterfaceFacts> => ({
  kind: NETWORK_INTERFACE,
  idParameter: 'NetworkInterfaceIds',
  idOf: (one) => one.interfaceId,
  filters: {
    'addresses.private-ip-address': (one) => one.privateIp,
    'association.public-ip': (one) => one.publicIp,
    'attachment.attachment-id': (one) => one.attachmentId,
    'attachment.instance-id': (one) => one.instanceId,
    'attachment.status': (one) => one.instanceId && 'attached',
    'availability-zone': zoneOf,
    description: (one) => one.description,
    'group-id': (one) => one.groupIds,
    'interface-type': (one) => one.type,
    'network-interface-id': (one) => one.interfaceId,
    'owner-id': () => accountId,
    'private-ip-address': (one) => one.privateIp,
    'requester-managed': (one) => one.type !== 'interface',
    'source-dest-check': (one) => one.sourceDestCheck,
    status: () => 'in-use',
    'subnet-id': (one) => one.subnetId,
    'vpc-id': (one) => one.vpcId,
  },
});
