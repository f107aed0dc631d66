// Every operation of EC2 that Millpond has. The wire layer answers that any other is not implemented.

import type { Operations } from '../../wire/service.ts';
import type { Ec2 } from './context.ts';
import {
  DescribeBundleTasks,
  DescribeCapacityReservations,
  DescribeConversionTasks,
  DescribeExportTasks,
  DescribeFleets,
  DescribeHosts,
  DescribeImportImageTasks,
  DescribeImportSnapshotTasks,
  DescribeInstanceConnectEndpoints,
  DescribeInstanceEventWindows,
  DescribePlacementGroups,
  DescribeReservedInstances,
  DescribeScheduledInstances,
  DescribeSnapshots,
  DescribeSpotFleetRequests,
  DescribeSpotInstanceRequests,
  DescribeVolumesModifications,
} from './operations/absent-features.ts';
import {
  DescribeAddressTransfers,
  DescribeCarrierGateways,
  DescribeClientVpnEndpoints,
  DescribeCustomerGateways,
  DescribeEgressOnlyInternetGateways,
  DescribeFlowLogs,
  DescribeIpamPools,
  DescribeIpamScopes,
  DescribeIpams,
  DescribeIpv6Pools,
  DescribeLocalGateways,
  DescribeMovingAddresses,
  DescribeNetworkInsightsAnalyses,
  DescribeNetworkInsightsPaths,
  DescribeNetworkInterfacePermissions,
  DescribePublicIpv4Pools,
  DescribeSecurityGroupVpcAssociations,
  DescribeTrafficMirrorFilters,
  DescribeTrafficMirrorSessions,
  DescribeTrafficMirrorTargets,
  DescribeTransitGatewayAttachments,
  DescribeTransitGatewayRouteTables,
  DescribeTransitGateways,
  DescribeTransitGatewayVpcAttachments,
  DescribeVpcEndpointConnectionNotifications,
  DescribeVpcEndpointConnections,
  DescribeVpcEndpointServiceConfigurations,
  DescribeVpcPeeringConnections,
  DescribeVpnConnections,
  DescribeVpnGateways,
} from './operations/absent-network-features.ts';
import {
  AllocateAddress,
  AssociateAddress,
  DisassociateAddress,
  ReleaseAddress,
} from './operations/addresses.ts';
import { GetConsoleOutput } from './operations/console-output.ts';
import { CreateSubnet } from './operations/create-subnet.ts';
import { CreateVpc } from './operations/create-vpc.ts';
import { CreateDefaultSubnet, CreateDefaultVpc } from './operations/default-vpc.ts';
import { DeleteVpc } from './operations/delete-vpc.ts';
import { DescribeAccountAttributes } from './operations/describe-account-attributes.ts';
import { DescribeAddresses } from './operations/describe-addresses.ts';
import { DescribeAddressesAttribute } from './operations/describe-addresses-attribute.ts';
import { DescribeAvailabilityZones } from './operations/describe-availability-zones.ts';
import { DescribeDhcpOptions } from './operations/describe-dhcp-options.ts';
import { DescribeImages } from './operations/describe-images.ts';
import { DescribeInstanceTypeOfferings } from './operations/describe-instance-type-offerings.ts';
import { DescribeInstanceTypes } from './operations/describe-instance-types.ts';
import { DescribeInstanceStatus, DescribeInstances } from './operations/describe-instances.ts';
import { DescribeInternetGateways } from './operations/describe-internet-gateways.ts';
import { DescribeNetworkAcls } from './operations/describe-network-acls.ts';
import { DescribeNetworkInterfaces } from './operations/describe-network-interfaces.ts';
import {
  DescribeManagedPrefixLists,
  DescribePrefixLists,
  GetManagedPrefixListEntries,
} from './operations/describe-prefix-lists.ts';
import { DescribeRegions } from './operations/describe-regions.ts';
import { DescribeRouteTables } from './operations/describe-route-tables.ts';
import { DescribeSecurityGroupRules } from './operations/describe-security-group-rules.ts';
import { DescribeSecurityGroups } from './operations/describe-security-groups.ts';
import { DescribeSubnets } from './operations/describe-subnets.ts';
import { DescribeVolumes } from './operations/describe-volumes.ts';
import { DescribeVpcAttribute } from './operations/describe-vpc-attribute.ts';
import { DescribeVpcEndpointServices } from './operations/describe-vpc-endpoint-services.ts';
import { DescribeVpcEndpoints } from './operations/describe-vpc-endpoints.ts';
import { DescribeVpcs } from './operations/describe-vpcs.ts';
import { AssociateDhcpOptions, CreateDhcpOptions, DeleteDhcpOptions } from './operations/dhcp-options.ts';
import { DescribeInstanceAttribute, ModifyInstanceAttribute } from './operations/instance-attributes.ts';
import {
  DescribeInstanceCreditSpecifications,
  ModifyInstanceCreditSpecification,
  ModifyInstanceMetadataOptions,
} from './operations/instance-options.ts';
import {
  AssociateIamInstanceProfile,
  DescribeIamInstanceProfileAssociations,
  DisassociateIamInstanceProfile,
  ReplaceIamInstanceProfileAssociation,
} from './operations/instance-profiles.ts';
import {
  RebootInstances,
  StartInstances,
  StopInstances,
  TerminateInstances,
} from './operations/instance-states.ts';
import {
  AttachInternetGateway,
  CreateInternetGateway,
  DeleteInternetGateway,
  DetachInternetGateway,
} from './operations/internet-gateways.ts';
import { CreateKeyPair, DeleteKeyPair, DescribeKeyPairs, ImportKeyPair } from './operations/key-pairs.ts';
import {
  CreateLaunchTemplateVersion,
  DeleteLaunchTemplateVersions,
  DescribeLaunchTemplateVersions,
} from './operations/launch-template-versions.ts';
import {
  CreateLaunchTemplate,
  DeleteLaunchTemplate,
  DescribeLaunchTemplates,
  ModifyLaunchTemplate,
} from './operations/launch-templates.ts';
import { ModifySecurityGroupRules } from './operations/modify-security-group-rules.ts';
import { ModifyVpcAttribute } from './operations/modify-vpc-attribute.ts';
import { MonitorInstances, UnmonitorInstances } from './operations/monitoring.ts';
import { CreateNatGateway, DeleteNatGateway, DescribeNatGateways } from './operations/nat-gateways.ts';
import { ReplaceNetworkAclAssociation } from './operations/network-acl-associations.ts';
import {
  CreateNetworkAclEntry,
  DeleteNetworkAclEntry,
  ReplaceNetworkAclEntry,
} from './operations/network-acl-entries.ts';
import { CreateNetworkAcl, DeleteNetworkAcl } from './operations/network-acls.ts';
import {
  DescribeNetworkInterfaceAttribute,
  ModifyNetworkInterfaceAttribute,
} from './operations/network-interface-attributes.ts';
import { DeleteNetworkInterface, DetachNetworkInterface } from './operations/network-interface-use.ts';
import {
  GetDefaultCreditSpecification,
  GetEbsEncryptionByDefault,
  GetInstanceMetadataDefaults,
  GetSerialConsoleAccessStatus,
} from './operations/regional-settings.ts';
import {
  AssociateRouteTable,
  DisassociateRouteTable,
  ReplaceRouteTableAssociation,
} from './operations/route-table-associations.ts';
import { CreateRouteTable, DeleteRouteTable } from './operations/route-tables.ts';
import { CreateRoute, DeleteRoute, ReplaceRoute } from './operations/routes.ts';
import { RunInstances } from './operations/run-instances.ts';
import {
  UpdateSecurityGroupRuleDescriptionsEgress,
  UpdateSecurityGroupRuleDescriptionsIngress,
} from './operations/security-group-rule-descriptions.ts';
import {
  AuthorizeSecurityGroupEgress,
  AuthorizeSecurityGroupIngress,
  RevokeSecurityGroupEgress,
  RevokeSecurityGroupIngress,
} from './operations/security-group-rules.ts';
import { CreateSecurityGroup, DeleteSecurityGroup } from './operations/security-groups.ts';
import {
  DescribeSecurityGroupReferences,
  DescribeStaleSecurityGroups,
  GetSecurityGroupsForVpc,
} from './operations/security-groups-across-vpcs.ts';
import { DeleteSubnet, ModifySubnetAttribute } from './operations/subnets.ts';
import { CreateTags, DeleteTags, DescribeTags } from './operations/tags.ts';
import { AssociateVpcCidrBlock, DisassociateVpcCidrBlock } from './operations/vpc-cidr-blocks.ts';
import { DescribeVpcClassicLink, DescribeVpcClassicLinkDnsSupport } from './operations/vpc-classic-link.ts';
import { CreateVpcEndpoint, DeleteVpcEndpoints, ModifyVpcEndpoint } from './operations/vpc-endpoints.ts';
import type { Sdk } from './sdk.ts';

/** By AWS's name. */
export const operations: Operations<Sdk, Ec2> = {
  AllocateAddress,
  AssociateAddress,
  AssociateDhcpOptions,
  AssociateIamInstanceProfile,
  AssociateRouteTable,
  AssociateVpcCidrBlock,
  AttachInternetGateway,
  AuthorizeSecurityGroupEgress,
  AuthorizeSecurityGroupIngress,
  CreateDefaultSubnet,
  CreateDefaultVpc,
  CreateDhcpOptions,
  CreateInternetGateway,
  CreateKeyPair,
  CreateLaunchTemplate,
  CreateLaunchTemplateVersion,
  CreateNatGateway,
  CreateNetworkAcl,
  CreateNetworkAclEntry,
  CreateRoute,
  CreateRouteTable,
  CreateSecurityGroup,
  CreateSubnet,
  CreateTags,
  CreateVpc,
  CreateVpcEndpoint,
  DeleteDhcpOptions,
  DeleteInternetGateway,
  DeleteKeyPair,
  DeleteLaunchTemplate,
  DeleteLaunchTemplateVersions,
  DeleteNatGateway,
  DeleteNetworkAcl,
  DeleteNetworkAclEntry,
  DeleteNetworkInterface,
  DeleteRoute,
  DeleteRouteTable,
  DeleteSecurityGroup,
  DeleteSubnet,
  DeleteTags,
  DeleteVpc,
  DeleteVpcEndpoints,
  DescribeAccountAttributes,
  DescribeAddressTransfers,
  DescribeAddresses,
  DescribeAddressesAttribute,
  DescribeAvailabilityZones,
  DescribeBundleTasks,
  DescribeCapacityReservations,
  DescribeCarrierGateways,
  DescribeClientVpnEndpoints,
  DescribeConversionTasks,
  DescribeCustomerGateways,
  DescribeDhcpOptions,
  DescribeEgressOnlyInternetGateways,
  DescribeExportTasks,
  DescribeFleets,
  DescribeFlowLogs,
  DescribeHosts,
  DescribeIamInstanceProfileAssociations,
  DescribeImages,
  DescribeImportImageTasks,
  DescribeImportSnapshotTasks,
  DescribeInstanceAttribute,
  DescribeInstanceConnectEndpoints,
  DescribeInstanceCreditSpecifications,
  DescribeInstanceEventWindows,
  DescribeInstanceStatus,
  DescribeInstanceTypeOfferings,
  DescribeInstanceTypes,
  DescribeInstances,
  DescribeInternetGateways,
  DescribeIpamPools,
  DescribeIpamScopes,
  DescribeIpams,
  DescribeIpv6Pools,
  DescribeKeyPairs,
  DescribeLaunchTemplateVersions,
  DescribeLaunchTemplates,
  DescribeLocalGateways,
  DescribeManagedPrefixLists,
  DescribeMovingAddresses,
  DescribeNatGateways,
  DescribeNetworkAcls,
  DescribeNetworkInsightsAnalyses,
  DescribeNetworkInsightsPaths,
  DescribeNetworkInterfaceAttribute,
  DescribeNetworkInterfacePermissions,
  DescribeNetworkInterfaces,
  DescribePlacementGroups,
  DescribePrefixLists,
  DescribePublicIpv4Pools,
  DescribeRegions,
  DescribeReservedInstances,
  DescribeRouteTables,
  DescribeScheduledInstances,
  DescribeSecurityGroupReferences,
  DescribeSecurityGroupRules,
  DescribeSecurityGroupVpcAssociations,
  DescribeSecurityGroups,
  DescribeSnapshots,
  DescribeSpotFleetRequests,
  DescribeSpotInstanceRequests,
  DescribeStaleSecurityGroups,
  DescribeSubnets,
  DescribeTags,
  DescribeTrafficMirrorFilters,
  DescribeTrafficMirrorSessions,
  DescribeTrafficMirrorTargets,
  DescribeTransitGatewayAttachments,
  DescribeTransitGatewayRouteTables,
  DescribeTransitGatewayVpcAttachments,
  DescribeTransitGateways,
  DescribeVolumes,
  DescribeVolumesModifications,
  DescribeVpcAttribute,
  DescribeVpcClassicLink,
  DescribeVpcClassicLinkDnsSupport,
  DescribeVpcEndpointConnectionNotifications,
  DescribeVpcEndpointConnections,
  DescribeVpcEndpointServiceConfigurations,
  DescribeVpcEndpointServices,
  DescribeVpcEndpoints,
  DescribeVpcPeeringConnections,
  DescribeVpcs,
  DescribeVpnConnections,
  DescribeVpnGateways,
  GetConsoleOutput,
  DetachInternetGateway,
  DetachNetworkInterface,
  DisassociateAddress,
  DisassociateIamInstanceProfile,
  DisassociateRouteTable,
  DisassociateVpcCidrBlock,
  GetDefaultCreditSpecification,
  GetEbsEncryptionByDefault,
  GetInstanceMetadataDefaults,
  GetManagedPrefixListEntries,
  GetSecurityGroupsForVpc,
  GetSerialConsoleAccessStatus,
  ImportKeyPair,
  ModifyInstanceAttribute,
  ModifyInstanceCreditSpecification,
  ModifyInstanceMetadataOptions,
  ModifyLaunchTemplate,
  ModifyNetworkInterfaceAttribute,
  ModifySecurityGroupRules,
  ModifySubnetAttribute,
  ModifyVpcAttribute,
  ModifyVpcEndpoint,
  MonitorInstances,
  RebootInstances,
  ReleaseAddress,
  ReplaceIamInstanceProfileAssociation,
  ReplaceNetworkAclAssociation,
  ReplaceNetworkAclEntry,
  ReplaceRoute,
  ReplaceRouteTableAssociation,
  RevokeSecurityGroupEgress,
  RevokeSecurityGroupIngress,
  RunInstances,
  StartInstances,
  StopInstances,
  TerminateInstances,
  UnmonitorInstances,
  UpdateSecurityGroupRuleDescriptionsEgress,
  UpdateSecurityGroupRuleDescriptionsIngress,
};
