// EC2: the network that caches, functions and instances live in, as records and rules. Nothing here sends a packet.
// Every account has the default network.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { withClientTokens } from './client-tokens.ts';
import { dryRunSucceeded } from './faults.ts';
import { openInventory } from './inventory.ts';
import {
  allocateAddress,
  associateAddress,
  disassociateAddress,
  releaseAddress,
} from './operations/addresses.ts';
import { createSubnet } from './operations/create-subnet.ts';
import { createVpc } from './operations/create-vpc.ts';
import { deleteVpc } from './operations/delete-vpc.ts';
import { describeAccountAttributes } from './operations/describe-account-attributes.ts';
import { describeAddresses } from './operations/describe-addresses.ts';
import { describeAvailabilityZones } from './operations/describe-availability-zones.ts';
import { describeDhcpOptions } from './operations/describe-dhcp-options.ts';
import { describeImages } from './operations/describe-images.ts';
import { describeInstanceTypes } from './operations/describe-instance-types.ts';
import { describeInstanceStatus, describeInstances } from './operations/describe-instances.ts';
import { describeInternetGateways } from './operations/describe-internet-gateways.ts';
import { describeNetworkAcls } from './operations/describe-network-acls.ts';
import { describeNetworkInterfaces } from './operations/describe-network-interfaces.ts';
import { describeManagedPrefixLists, describePrefixLists } from './operations/describe-prefix-lists.ts';
import { describeRegions } from './operations/describe-regions.ts';
import { describeRouteTables } from './operations/describe-route-tables.ts';
import { describeSecurityGroupRules } from './operations/describe-security-group-rules.ts';
import { describeSecurityGroups } from './operations/describe-security-groups.ts';
import { describeSubnets } from './operations/describe-subnets.ts';
import { describeVpcAttribute } from './operations/describe-vpc-attribute.ts';
import { describeVpcEndpointServices } from './operations/describe-vpc-endpoint-services.ts';
import { describeVpcEndpoints } from './operations/describe-vpc-endpoints.ts';
import { describeVpcs } from './operations/describe-vpcs.ts';
import { describeInstanceAttribute, modifyInstanceAttribute } from './operations/instance-attributes.ts';
import {
  associateIamInstanceProfile,
  describeIamInstanceProfileAssociations,
  disassociateIamInstanceProfile,
} from './operations/instance-profiles.ts';
import {
  rebootInstances,
  startInstances,
  stopInstances,
  terminateInstances,
} from './operations/instance-states.ts';
import {
  attachInternetGateway,
  createInternetGateway,
  deleteInternetGateway,
  detachInternetGateway,
} from './operations/internet-gateways.ts';
import { modifyVpcAttribute } from './operations/modify-vpc-attribute.ts';
import { monitorInstances, unmonitorInstances } from './operations/monitoring.ts';
import { createNatGateway, deleteNatGateway, describeNatGateways } from './operations/nat-gateways.ts';
import {
  associateRouteTable,
  disassociateRouteTable,
  replaceRouteTableAssociation,
} from './operations/route-table-associations.ts';
import { createRouteTable, deleteRouteTable } from './operations/route-tables.ts';
import { createRoute, deleteRoute, replaceRoute } from './operations/routes.ts';
import { runInstances } from './operations/run-instances.ts';
import {
  updateSecurityGroupRuleDescriptionsEgress,
  updateSecurityGroupRuleDescriptionsIngress,
} from './operations/security-group-rule-descriptions.ts';
import {
  authorizeSecurityGroupEgress,
  authorizeSecurityGroupIngress,
  revokeSecurityGroupEgress,
  revokeSecurityGroupIngress,
} from './operations/security-group-rules.ts';
import { createSecurityGroup, deleteSecurityGroup } from './operations/security-groups.ts';
import { deleteSubnet, modifySubnetAttribute } from './operations/subnets.ts';
import { createTags, deleteTags, describeTags } from './operations/tags.ts';
import { createVpcEndpoint, deleteVpcEndpoints, modifyVpcEndpoint } from './operations/vpc-endpoints.ts';

export type Ec2 = typeof import('@aws-sdk/client-ec2');

export function createEc2({ store, clock }: { store: Store; clock: Clock }): Service {
  const inventory = openInventory(store, clock);
  const service = defineService<Ec2>('ec2', {
    AllocateAddress: allocateAddress(inventory),
    AssociateAddress: associateAddress(inventory),
    AssociateIamInstanceProfile: associateIamInstanceProfile(inventory),
    AssociateRouteTable: associateRouteTable(inventory),
    AttachInternetGateway: attachInternetGateway(inventory),
    AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress(inventory),
    AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress(inventory),
    CreateInternetGateway: createInternetGateway(inventory),
    CreateNatGateway: createNatGateway(inventory),
    CreateRoute: createRoute(inventory),
    CreateRouteTable: createRouteTable(inventory),
    CreateSecurityGroup: createSecurityGroup(inventory),
    CreateSubnet: createSubnet(inventory),
    CreateTags: createTags(inventory),
    CreateVpc: createVpc(inventory),
    CreateVpcEndpoint: createVpcEndpoint(inventory),
    DeleteInternetGateway: deleteInternetGateway(inventory),
    DeleteNatGateway: deleteNatGateway(inventory),
    DeleteRoute: deleteRoute(inventory),
    DeleteRouteTable: deleteRouteTable(inventory),
    DeleteSecurityGroup: deleteSecurityGroup(inventory),
    DeleteSubnet: deleteSubnet(inventory),
    DeleteTags: deleteTags(inventory),
    DeleteVpc: deleteVpc(inventory),
    DeleteVpcEndpoints: deleteVpcEndpoints(inventory),
    DescribeAccountAttributes: describeAccountAttributes(inventory),
    DescribeAddresses: describeAddresses(inventory),
    DescribeAvailabilityZones: describeAvailabilityZones,
    DescribeDhcpOptions: describeDhcpOptions(inventory),
    DescribeIamInstanceProfileAssociations: describeIamInstanceProfileAssociations(inventory),
    DescribeImages: describeImages,
    DescribeInstanceAttribute: describeInstanceAttribute(inventory),
    DescribeInstanceStatus: describeInstanceStatus(inventory),
    DescribeInstanceTypes: describeInstanceTypes,
    DescribeInstances: describeInstances(inventory),
    DescribeInternetGateways: describeInternetGateways(inventory),
    DescribeManagedPrefixLists: describeManagedPrefixLists,
    DescribeNatGateways: describeNatGateways(inventory),
    DescribeNetworkAcls: describeNetworkAcls(inventory),
    DescribeNetworkInterfaces: describeNetworkInterfaces(inventory),
    DescribePrefixLists: describePrefixLists,
    DescribeRegions: describeRegions,
    DescribeRouteTables: describeRouteTables(inventory),
    DescribeSecurityGroupRules: describeSecurityGroupRules(inventory),
    DescribeSecurityGroups: describeSecurityGroups(inventory),
    DescribeSubnets: describeSubnets(inventory),
    DescribeTags: describeTags(inventory),
    DescribeVpcAttribute: describeVpcAttribute(inventory),
    DescribeVpcEndpointServices: describeVpcEndpointServices,
    DescribeVpcEndpoints: describeVpcEndpoints(inventory),
    DescribeVpcs: describeVpcs(inventory),
    DetachInternetGateway: detachInternetGateway(inventory),
    DisassociateAddress: disassociateAddress(inventory),
    DisassociateIamInstanceProfile: disassociateIamInstanceProfile(inventory),
    DisassociateRouteTable: disassociateRouteTable(inventory),
    ModifyInstanceAttribute: modifyInstanceAttribute(inventory),
    ModifySubnetAttribute: modifySubnetAttribute(inventory),
    ModifyVpcAttribute: modifyVpcAttribute(inventory),
    ModifyVpcEndpoint: modifyVpcEndpoint(inventory),
    MonitorInstances: monitorInstances(inventory),
    RebootInstances: rebootInstances(inventory),
    ReleaseAddress: releaseAddress(inventory),
    ReplaceRoute: replaceRoute(inventory),
    ReplaceRouteTableAssociation: replaceRouteTableAssociation(inventory),
    RevokeSecurityGroupEgress: revokeSecurityGroupEgress(inventory),
    RevokeSecurityGroupIngress: revokeSecurityGroupIngress(inventory),
    RunInstances: runInstances(inventory),
    StartInstances: startInstances(inventory),
    StopInstances: stopInstances(inventory),
    TerminateInstances: terminateInstances(inventory),
    UnmonitorInstances: unmonitorInstances(inventory),
    UpdateSecurityGroupRuleDescriptionsEgress: updateSecurityGroupRuleDescriptionsEgress(inventory),
    UpdateSecurityGroupRuleDescriptionsIngress: updateSecurityGroupRuleDescriptionsIngress(inventory),
  });
  return withDryRun(withClientTokens(service, inventory, store));
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
