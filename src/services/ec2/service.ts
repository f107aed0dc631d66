// EC2: the network that caches, functions and instances live in, as records and rules. Nothing here sends a packet.
// Every account has the default network.

import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import { defineHandlers, type Service } from '../../wire/service.ts';
import { withClientTokens } from './client-tokens.ts';
import { dryRunSucceeded } from './faults.ts';
import { type Inventory, openInventory } from './inventory.ts';
import { type NodePlaces, noNodes } from './node-places.ts';
import {
  allocateAddress,
  associateAddress,
  disassociateAddress,
  releaseAddress,
} from './operations/addresses.ts';
import { createSubnet } from './operations/create-subnet.ts';
import { createVpc } from './operations/create-vpc.ts';
import { createDefaultSubnet, createDefaultVpc } from './operations/default-vpc.ts';
import { deleteVpc } from './operations/delete-vpc.ts';
import { describeAccountAttributes } from './operations/describe-account-attributes.ts';
import { describeAddresses } from './operations/describe-addresses.ts';
import { describeAddressesAttribute } from './operations/describe-addresses-attribute.ts';
import { describeAvailabilityZones } from './operations/describe-availability-zones.ts';
import { describeDhcpOptions } from './operations/describe-dhcp-options.ts';
import { describeImages } from './operations/describe-images.ts';
import { describeInstanceTypeOfferings } from './operations/describe-instance-type-offerings.ts';
import { describeInstanceTypes } from './operations/describe-instance-types.ts';
import { describeInstanceStatus, describeInstances } from './operations/describe-instances.ts';
import { describeInternetGateways } from './operations/describe-internet-gateways.ts';
import { describeNetworkAcls } from './operations/describe-network-acls.ts';
import { describeNetworkInterfaces } from './operations/describe-network-interfaces.ts';
import { describeNone } from './operations/describe-none.ts';
import {
  describeManagedPrefixLists,
  describePrefixLists,
  getManagedPrefixListEntries,
} from './operations/describe-prefix-lists.ts';
import { describeRegions } from './operations/describe-regions.ts';
import { describeRouteTables } from './operations/describe-route-tables.ts';
import { describeSecurityGroupRules } from './operations/describe-security-group-rules.ts';
import { describeSecurityGroups } from './operations/describe-security-groups.ts';
import { describeSubnets } from './operations/describe-subnets.ts';
import { describeVolumes } from './operations/describe-volumes.ts';
import { describeVpcAttribute } from './operations/describe-vpc-attribute.ts';
import { describeVpcEndpointServices } from './operations/describe-vpc-endpoint-services.ts';
import { describeVpcEndpoints } from './operations/describe-vpc-endpoints.ts';
import { describeVpcs } from './operations/describe-vpcs.ts';
import { associateDhcpOptions, createDhcpOptions, deleteDhcpOptions } from './operations/dhcp-options.ts';
import { describeInstanceAttribute, modifyInstanceAttribute } from './operations/instance-attributes.ts';
import {
  describeInstanceCreditSpecifications,
  modifyInstanceCreditSpecification,
  modifyInstanceMetadataOptions,
} from './operations/instance-options.ts';
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
import { modifySecurityGroupRules } from './operations/modify-security-group-rules.ts';
import { modifyVpcAttribute } from './operations/modify-vpc-attribute.ts';
import { monitorInstances, unmonitorInstances } from './operations/monitoring.ts';
import { createNatGateway, deleteNatGateway, describeNatGateways } from './operations/nat-gateways.ts';
import { replaceNetworkAclAssociation } from './operations/network-acl-associations.ts';
import {
  createNetworkAclEntry,
  deleteNetworkAclEntry,
  replaceNetworkAclEntry,
} from './operations/network-acl-entries.ts';
import { createNetworkAcl, deleteNetworkAcl } from './operations/network-acls.ts';
import {
  describeNetworkInterfaceAttribute,
  modifyNetworkInterfaceAttribute,
} from './operations/network-interface-attributes.ts';
import {
  getDefaultCreditSpecification,
  getEbsEncryptionByDefault,
  getInstanceMetadataDefaults,
  getSerialConsoleAccessStatus,
} from './operations/regional-settings.ts';
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
import {
  describeSecurityGroupReferences,
  describeStaleSecurityGroups,
  getSecurityGroupsForVpc,
} from './operations/security-groups-elsewhere.ts';
import { deleteSubnet, modifySubnetAttribute } from './operations/subnets.ts';
import { createTags, deleteTags, describeTags } from './operations/tags.ts';
import { associateVpcCidrBlock, disassociateVpcCidrBlock } from './operations/vpc-cidr-blocks.ts';
import { describeVpcClassicLink, describeVpcClassicLinkDnsSupport } from './operations/vpc-classic-link.ts';
import { createVpcEndpoint, deleteVpcEndpoints, modifyVpcEndpoint } from './operations/vpc-endpoints.ts';

export type Ec2 = typeof import('@aws-sdk/client-ec2');

export interface Ec2Dependencies {
  store: Store;
  clock: Clock;
  /** What cache nodes use cannot be deleted; nobody's by default. */
  nodes?: NodePlaces;
}

export function createEc2({ store, clock, nodes = noNodes }: Ec2Dependencies): Service {
  const inventory = openInventory(store, clock);
  const service = defineHandlers<Ec2>('ec2', {
    ...describeNone(),
    AllocateAddress: allocateAddress(inventory),
    AssociateAddress: associateAddress(inventory),
    AssociateDhcpOptions: associateDhcpOptions(inventory),
    AssociateIamInstanceProfile: associateIamInstanceProfile(inventory),
    AssociateRouteTable: associateRouteTable(inventory),
    AssociateVpcCidrBlock: associateVpcCidrBlock(inventory),
    AttachInternetGateway: attachInternetGateway(inventory),
    AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress(inventory),
    AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress(inventory),
    CreateDefaultSubnet: createDefaultSubnet(inventory),
    CreateDefaultVpc: createDefaultVpc(inventory),
    CreateDhcpOptions: createDhcpOptions(inventory),
    CreateInternetGateway: createInternetGateway(inventory),
    CreateNatGateway: createNatGateway(inventory),
    CreateNetworkAcl: createNetworkAcl(inventory),
    CreateNetworkAclEntry: createNetworkAclEntry(inventory),
    CreateRoute: createRoute(inventory),
    CreateRouteTable: createRouteTable(inventory),
    CreateSecurityGroup: createSecurityGroup(inventory),
    CreateSubnet: createSubnet(inventory),
    CreateTags: createTags(inventory),
    CreateVpc: createVpc(inventory),
    CreateVpcEndpoint: createVpcEndpoint(inventory),
    DeleteDhcpOptions: deleteDhcpOptions(inventory),
    DeleteInternetGateway: deleteInternetGateway(inventory),
    DeleteNatGateway: deleteNatGateway(inventory),
    DeleteNetworkAcl: deleteNetworkAcl(inventory),
    DeleteNetworkAclEntry: deleteNetworkAclEntry(inventory),
    DeleteRoute: deleteRoute(inventory),
    DeleteRouteTable: deleteRouteTable(inventory),
    DeleteSecurityGroup: deleteSecurityGroup(inventory, nodes),
    DeleteSubnet: deleteSubnet(inventory, nodes),
    DeleteTags: deleteTags(inventory),
    DeleteVpc: deleteVpc(inventory),
    DeleteVpcEndpoints: deleteVpcEndpoints(inventory),
    DescribeAccountAttributes: describeAccountAttributes(inventory),
    DescribeAddresses: describeAddresses(inventory),
    DescribeAddressesAttribute: describeAddressesAttribute(inventory),
    DescribeAvailabilityZones: describeAvailabilityZones,
    DescribeDhcpOptions: describeDhcpOptions(inventory),
    DescribeIamInstanceProfileAssociations: describeIamInstanceProfileAssociations(inventory),
    DescribeImages: describeImages,
    DescribeInstanceAttribute: describeInstanceAttribute(inventory),
    DescribeInstanceCreditSpecifications: describeInstanceCreditSpecifications(inventory),
    DescribeInstanceStatus: describeInstanceStatus(inventory),
    DescribeInstanceTypeOfferings: describeInstanceTypeOfferings,
    DescribeInstanceTypes: describeInstanceTypes,
    DescribeInstances: describeInstances(inventory),
    DescribeInternetGateways: describeInternetGateways(inventory),
    DescribeManagedPrefixLists: describeManagedPrefixLists,
    DescribeNatGateways: describeNatGateways(inventory),
    DescribeNetworkAcls: describeNetworkAcls(inventory),
    DescribeNetworkInterfaceAttribute: describeNetworkInterfaceAttribute(inventory),
    DescribeNetworkInterfaces: describeNetworkInterfaces(inventory),
    DescribePrefixLists: describePrefixLists,
    DescribeRegions: describeRegions,
    DescribeRouteTables: describeRouteTables(inventory),
    DescribeSecurityGroupReferences: describeSecurityGroupReferences(inventory),
    DescribeSecurityGroupRules: describeSecurityGroupRules(inventory),
    DescribeSecurityGroups: describeSecurityGroups(inventory),
    DescribeStaleSecurityGroups: describeStaleSecurityGroups(inventory),
    DescribeSubnets: describeSubnets(inventory),
    DescribeTags: describeTags(inventory),
    DescribeVolumes: describeVolumes(inventory),
    DescribeVpcAttribute: describeVpcAttribute(inventory),
    DescribeVpcClassicLink: describeVpcClassicLink(inventory),
    DescribeVpcClassicLinkDnsSupport: describeVpcClassicLinkDnsSupport(inventory),
    DescribeVpcEndpointServices: describeVpcEndpointServices,
    DescribeVpcEndpoints: describeVpcEndpoints(inventory),
    DescribeVpcs: describeVpcs(inventory),
    DetachInternetGateway: detachInternetGateway(inventory),
    DisassociateAddress: disassociateAddress(inventory),
    DisassociateIamInstanceProfile: disassociateIamInstanceProfile(inventory),
    DisassociateRouteTable: disassociateRouteTable(inventory),
    DisassociateVpcCidrBlock: disassociateVpcCidrBlock(inventory),
    GetDefaultCreditSpecification: getDefaultCreditSpecification,
    GetEbsEncryptionByDefault: getEbsEncryptionByDefault,
    GetInstanceMetadataDefaults: getInstanceMetadataDefaults,
    GetManagedPrefixListEntries: getManagedPrefixListEntries,
    GetSecurityGroupsForVpc: getSecurityGroupsForVpc(inventory),
    GetSerialConsoleAccessStatus: getSerialConsoleAccessStatus,
    ModifyInstanceAttribute: modifyInstanceAttribute(inventory),
    ModifyInstanceCreditSpecification: modifyInstanceCreditSpecification(inventory),
    ModifyInstanceMetadataOptions: modifyInstanceMetadataOptions(inventory),
    ModifyNetworkInterfaceAttribute: modifyNetworkInterfaceAttribute(inventory),
    ModifySecurityGroupRules: modifySecurityGroupRules(inventory),
    ModifySubnetAttribute: modifySubnetAttribute(inventory),
    ModifyVpcAttribute: modifyVpcAttribute(inventory),
    ModifyVpcEndpoint: modifyVpcEndpoint(inventory),
    MonitorInstances: monitorInstances(inventory),
    RebootInstances: rebootInstances(inventory),
    ReleaseAddress: releaseAddress(inventory),
    ReplaceNetworkAclAssociation: replaceNetworkAclAssociation(inventory),
    ReplaceNetworkAclEntry: replaceNetworkAclEntry(inventory),
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
  return withDryRun(withDefaultNetwork(withClientTokens(service, inventory, store), inventory));
}

/** Whatever is asked first, the account has its network by then. */
const withDefaultNetwork = (service: Service, inventory: Inventory): Service =>
  aroundEach(service, (handle, input, context) => {
    inventory.prepare(context);
    return handle(input, context);
  });

/** AWS: with DryRun every operation answers with an error, if only to say that it would have succeeded. */
const withDryRun = (service: Service): Service =>
  aroundEach(service, (handle, input, context) => {
    if (input.DryRun) throw dryRunSucceeded();
    return handle(input, context);
  });

type AnyHandler = Service['operations'][string];

function aroundEach(
  service: Service,
  around: (handle: AnyHandler, ...request: Parameters<AnyHandler>) => unknown,
): Service {
  const operations = Object.entries(service.operations).map(([name, handle]): [string, AnyHandler] => [
    name,
    (input, context) => around(handle, input, context),
  ]);
  return { ...service, operations: Object.fromEntries(operations) };
}
