// EC2: the network that caches, functions and instances live in, as records and rules. Nothing here sends a packet.
// Every account has the default network.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { withClientTokens } from './client-tokens.ts';
import { dryRunSucceeded } from './faults.ts';
import { openInventory } from './inventory.ts';
import { createSubnet } from './operations/create-subnet.ts';
import { createVpc } from './operations/create-vpc.ts';
import { deleteVpc } from './operations/delete-vpc.ts';
import { describeAccountAttributes } from './operations/describe-account-attributes.ts';
import { describeAvailabilityZones } from './operations/describe-availability-zones.ts';
import { describeDhcpOptions } from './operations/describe-dhcp-options.ts';
import { describeInternetGateways } from './operations/describe-internet-gateways.ts';
import { describeNetworkInterfaces } from './operations/describe-network-interfaces.ts';
import { describeRegions } from './operations/describe-regions.ts';
import { describeRouteTables } from './operations/describe-route-tables.ts';
import { describeSecurityGroupRules } from './operations/describe-security-group-rules.ts';
import { describeSecurityGroups } from './operations/describe-security-groups.ts';
import { describeSubnets } from './operations/describe-subnets.ts';
import { describeVpcAttribute } from './operations/describe-vpc-attribute.ts';
import { describeVpcs } from './operations/describe-vpcs.ts';
import {
  attachInternetGateway,
  createInternetGateway,
  deleteInternetGateway,
  detachInternetGateway,
} from './operations/internet-gateways.ts';
import { modifyVpcAttribute } from './operations/modify-vpc-attribute.ts';
import {
  associateRouteTable,
  disassociateRouteTable,
  replaceRouteTableAssociation,
} from './operations/route-table-associations.ts';
import { createRouteTable, deleteRouteTable } from './operations/route-tables.ts';
import { createRoute, deleteRoute, replaceRoute } from './operations/routes.ts';
import {
  authorizeSecurityGroupEgress,
  authorizeSecurityGroupIngress,
  revokeSecurityGroupEgress,
  revokeSecurityGroupIngress,
} from './operations/security-group-rules.ts';
import { createSecurityGroup, deleteSecurityGroup } from './operations/security-groups.ts';
import { deleteSubnet, modifySubnetAttribute } from './operations/subnets.ts';
import { createTags, deleteTags, describeTags } from './operations/tags.ts';

export type Ec2 = typeof import('@aws-sdk/client-ec2');

export function createEc2({ store, clock }: { store: Store; clock: Clock }): Service {
  const inventory = openInventory(store, clock);
  const service = defineService<Ec2>('ec2', {
    AssociateRouteTable: associateRouteTable(inventory),
    AttachInternetGateway: attachInternetGateway(inventory),
    AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress(inventory),
    AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress(inventory),
    CreateInternetGateway: createInternetGateway(inventory),
    CreateRoute: createRoute(inventory),
    CreateRouteTable: createRouteTable(inventory),
    CreateSecurityGroup: createSecurityGroup(inventory),
    CreateSubnet: createSubnet(inventory),
    CreateTags: createTags(inventory),
    CreateVpc: createVpc(inventory),
    DeleteInternetGateway: deleteInternetGateway(inventory),
    DeleteRoute: deleteRoute(inventory),
    DeleteRouteTable: deleteRouteTable(inventory),
    DeleteSecurityGroup: deleteSecurityGroup(inventory),
    DeleteSubnet: deleteSubnet(inventory),
    DeleteTags: deleteTags(inventory),
    DeleteVpc: deleteVpc(inventory),
    DescribeAccountAttributes: describeAccountAttributes(inventory),
    DescribeAvailabilityZones: describeAvailabilityZones,
    DescribeDhcpOptions: describeDhcpOptions(inventory),
    DescribeInternetGateways: describeInternetGateways(inventory),
    DescribeNetworkInterfaces: describeNetworkInterfaces,
    DescribeRegions: describeRegions,
    DescribeRouteTables: describeRouteTables(inventory),
    DescribeSecurityGroupRules: describeSecurityGroupRules(inventory),
    DescribeSecurityGroups: describeSecurityGroups(inventory),
    DescribeSubnets: describeSubnets(inventory),
    DescribeTags: describeTags(inventory),
    DescribeVpcAttribute: describeVpcAttribute(inventory),
    DescribeVpcs: describeVpcs(inventory),
    DetachInternetGateway: detachInternetGateway(inventory),
    DisassociateRouteTable: disassociateRouteTable(inventory),
    ModifySubnetAttribute: modifySubnetAttribute(inventory),
    ModifyVpcAttribute: modifyVpcAttribute(inventory),
    ReplaceRoute: replaceRoute(inventory),
    ReplaceRouteTableAssociation: replaceRouteTableAssociation(inventory),
    RevokeSecurityGroupEgress: revokeSecurityGroupEgress(inventory),
    RevokeSecurityGroupIngress: revokeSecurityGroupIngress(inventory),
  });
  return withDryRun(withClientTokens(service, { store, clock }));
}

/** AWS: with DryRun every operation answers with an error, if only to say that it would have succeeded. */
function withDryRun(service: Service): Service {
  const operations = Object.entries(service.operations).map(([name, handle]): [string, typeof handle] => [
    name,
    (input, context) => {
      if (input.DryRun) throw dryRunSucceeded();
      return handle(input, context);
    },
  ]);
  return { ...service, operations: Object.fromEntries(operations) };
}
