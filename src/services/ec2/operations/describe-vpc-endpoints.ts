// DescribeVpcEndpoints: VPC endpoints with their interfaces and DNS names.

import type { VpcEndpoint } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import { derivedHex } from '../../../kernel/ids.ts';
import type { Ec2 } from '../context.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import { endpointServiceOf } from '../endpoint-services.ts';
import { tagReader } from '../inventory.ts';
import type { VpcEndpointRecord } from '../model.ts';
import { VPC_ENDPOINT } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

export const DescribeVpcEndpoints: Operation<'DescribeVpcEndpoints'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const { items, nextToken } = await select(
    recordsOf(ec2.records.vpcEndpoints, context, { indexes: { 'vpc-id': 'vpc' } }),
    DESCRIBABLE,
    selectionOf(input, input.VpcEndpointIds),
    tagsOf,
  );
  return {
    VpcEndpoints: items.map((one) => viewVpcEndpoint(one, context, ec2, tagsOf(one.vpcEndpointId))),
    NextToken: nextToken,
  };
};

/** AWS's view of an endpoint. */
export function viewVpcEndpoint(
  endpoint: VpcEndpointRecord,
  scope: Scope,
  ec2: Ec2,
  tags: Record<string, string>,
): VpcEndpoint {
  const groupName = (groupId: string) => ec2.records.securityGroups.find(scope, groupId)?.groupName;
  return {
    VpcEndpointId: endpoint.vpcEndpointId,
    VpcEndpointType: endpoint.type,
    VpcId: endpoint.vpcId,
    ServiceName: endpoint.serviceName,
    // AWS: the service answers `available`, although the model has `Available`.
    State: 'available' as 'Available',
    PolicyDocument: endpoint.policyDocument,
    RouteTableIds: endpoint.routeTableIds,
    SubnetIds: endpoint.subnets.map((one) => one.subnetId),
    NetworkInterfaceIds: endpoint.subnets.map((one) => one.interfaceId),
    Groups: endpoint.groupIds.map((GroupId) => ({ GroupId, GroupName: groupName(GroupId) })),
    PrivateDnsEnabled: endpoint.privateDnsEnabled,
    RequesterManaged: false,
    DnsEntries: endpoint.type === 'Interface' ? dnsEntriesOf(endpoint, scope, ec2) : [],
    IpAddressType: endpoint.type === 'Interface' ? 'ipv4' : undefined,
    CreationTimestamp: new Date(endpoint.createdAt),
    OwnerId: scope.accountId,
    Tags: listTags(tags),
  };
}

function dnsEntriesOf(endpoint: VpcEndpointRecord, scope: Scope, ec2: Ec2) {
  const { region } = scope;
  const service = endpointServiceOf(endpoint.serviceName, region);
  const HostedZoneId = `Z${derivedHex(12, region, service).toUpperCase()}`;
  const label = `${endpoint.vpcEndpointId}-${derivedHex(8, endpoint.vpcEndpointId)}`;
  const domain = `${service}.${region}.vpce.amazonaws.com`;
  const zones = endpoint.subnets.flatMap((one) => ec2.records.subnets.find(scope, one.subnetId)?.zone ?? []);
  const names = [`${label}.${domain}`, ...zones.map((zone) => `${label}-${zone}.${domain}`)];
  if (endpoint.privateDnsEnabled) names.push(`${service}.${region}.amazonaws.com`);
  return names.map((DnsName) => ({ DnsName, HostedZoneId }));
}

const DESCRIBABLE: Describable<VpcEndpointRecord> = {
  kind: VPC_ENDPOINT,
  idParameter: 'VpcEndpointIds',
  idOf: (endpoint) => endpoint.vpcEndpointId,
  filters: {
    'ip-address-type': () => 'ipv4',
    'service-name': (endpoint) => endpoint.serviceName,
    'vpc-endpoint-id': (endpoint) => endpoint.vpcEndpointId,
    'vpc-endpoint-state': () => 'available',
    'vpc-endpoint-type': (endpoint) => endpoint.type,
    'vpc-id': (endpoint) => endpoint.vpcId,
  },
};
