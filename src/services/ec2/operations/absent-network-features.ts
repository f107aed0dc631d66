// Describe operations of network resources that Millpond cannot create: gateways, connections, address pools and
// traffic mirrors.
//
// AWS: the codes are those of EC2's list of error codes, in the spelling that Terraform's provider compares.

import { naming, refuseIds } from '../absent-features.ts';
import type { Operation } from '../sdk.ts';

export const DescribeAddressTransfers: Operation<'DescribeAddressTransfers'> = (_ec2, input) => {
  refuseIds(input.AllocationIds, naming('InvalidAllocationID.NotFound', 'allocation ID'));
  return { AddressTransfers: [] };
};

export const DescribeCarrierGateways: Operation<'DescribeCarrierGateways'> = (_ec2, input) => {
  refuseIds(input.CarrierGatewayIds, naming('InvalidCarrierGatewayID.NotFound', 'carrier gateway ID'));
  return { CarrierGateways: [] };
};

export const DescribeClientVpnEndpoints: Operation<'DescribeClientVpnEndpoints'> = (_ec2, input) => {
  refuseIds(
    input.ClientVpnEndpointIds,
    naming('InvalidClientVpnEndpointId.NotFound', 'Client VPN endpoint ID'),
  );
  return { ClientVpnEndpoints: [] };
};

export const DescribeCustomerGateways: Operation<'DescribeCustomerGateways'> = (_ec2, input) => {
  refuseIds(input.CustomerGatewayIds, naming('InvalidCustomerGatewayID.NotFound', 'customerGateway ID'));
  return { CustomerGateways: [] };
};

export const DescribeEgressOnlyInternetGateways: Operation<'DescribeEgressOnlyInternetGateways'> = (
  _ec2,
  input,
) => {
  refuseIds(input.EgressOnlyInternetGatewayIds, naming('InvalidGatewayID.NotFound', 'eigw ID'));
  return { EgressOnlyInternetGateways: [] };
};

export const DescribeFlowLogs: Operation<'DescribeFlowLogs'> = (_ec2, input) => {
  refuseIds(input.FlowLogIds, naming('InvalidFlowLogId.NotFound', 'flow log ID'));
  return { FlowLogs: [] };
};

export const DescribeIpamPools: Operation<'DescribeIpamPools'> = (_ec2, input) => {
  refuseIds(input.IpamPoolIds, naming('InvalidIpamPoolId.NotFound', 'ipam-pool ID'));
  return { IpamPools: [] };
};

export const DescribeIpamScopes: Operation<'DescribeIpamScopes'> = (_ec2, input) => {
  refuseIds(input.IpamScopeIds, naming('InvalidIpamScopeId.NotFound', 'ipam-scope ID'));
  return { IpamScopes: [] };
};

export const DescribeIpams: Operation<'DescribeIpams'> = (_ec2, input) => {
  refuseIds(input.IpamIds, naming('InvalidIpamId.NotFound', 'ipam ID'));
  return { Ipams: [] };
};

export const DescribeIpv6Pools: Operation<'DescribeIpv6Pools'> = (_ec2, input) => {
  refuseIds(input.PoolIds, naming('InvalidPoolID.NotFound', 'pool ID'));
  return { Ipv6Pools: [] };
};

export const DescribeLocalGateways: Operation<'DescribeLocalGateways'> = () => {
  return { LocalGateways: [] };
};

export const DescribeMovingAddresses: Operation<'DescribeMovingAddresses'> = () => {
  return { MovingAddressStatuses: [] };
};

export const DescribeNetworkInsightsAnalyses: Operation<'DescribeNetworkInsightsAnalyses'> = (
  _ec2,
  input,
) => {
  refuseIds(
    input.NetworkInsightsAnalysisIds,
    naming('InvalidNetworkInsightsAnalysisId.NotFound', 'network insights analysis ID'),
  );
  return { NetworkInsightsAnalyses: [] };
};

export const DescribeNetworkInsightsPaths: Operation<'DescribeNetworkInsightsPaths'> = (_ec2, input) => {
  refuseIds(
    input.NetworkInsightsPathIds,
    naming('InvalidNetworkInsightsPathId.NotFound', 'network insights path ID'),
  );
  return { NetworkInsightsPaths: [] };
};

export const DescribeNetworkInterfacePermissions: Operation<'DescribeNetworkInterfacePermissions'> = () => {
  return { NetworkInterfacePermissions: [] };
};

export const DescribePublicIpv4Pools: Operation<'DescribePublicIpv4Pools'> = (_ec2, input) => {
  refuseIds(input.PoolIds, naming('InvalidPublicIpv4PoolID.NotFound', 'pool ID'));
  return { PublicIpv4Pools: [] };
};

export const DescribeSecurityGroupVpcAssociations: Operation<'DescribeSecurityGroupVpcAssociations'> = () => {
  return { SecurityGroupVpcAssociations: [] };
};

export const DescribeTrafficMirrorFilters: Operation<'DescribeTrafficMirrorFilters'> = () => {
  return { TrafficMirrorFilters: [] };
};

export const DescribeTrafficMirrorSessions: Operation<'DescribeTrafficMirrorSessions'> = () => {
  return { TrafficMirrorSessions: [] };
};

export const DescribeTrafficMirrorTargets: Operation<'DescribeTrafficMirrorTargets'> = () => {
  return { TrafficMirrorTargets: [] };
};

export const DescribeTransitGatewayAttachments: Operation<'DescribeTransitGatewayAttachments'> = (
  _ec2,
  input,
) => {
  refuseIds(
    input.TransitGatewayAttachmentIds,
    naming('InvalidTransitGatewayAttachmentID.NotFound', 'transitGatewayAttachment ID'),
  );
  return { TransitGatewayAttachments: [] };
};

export const DescribeTransitGatewayRouteTables: Operation<'DescribeTransitGatewayRouteTables'> = (
  _ec2,
  input,
) => {
  refuseIds(
    input.TransitGatewayRouteTableIds,
    naming('InvalidRouteTableID.NotFound', 'transitGatewayRouteTable ID'),
  );
  return { TransitGatewayRouteTables: [] };
};

export const DescribeTransitGatewayVpcAttachments: Operation<'DescribeTransitGatewayVpcAttachments'> = (
  _ec2,
  input,
) => {
  refuseIds(
    input.TransitGatewayAttachmentIds,
    naming('InvalidTransitGatewayAttachmentID.NotFound', 'transitGatewayAttachment ID'),
  );
  return { TransitGatewayVpcAttachments: [] };
};

export const DescribeTransitGateways: Operation<'DescribeTransitGateways'> = (_ec2, input) => {
  refuseIds(input.TransitGatewayIds, naming('InvalidTransitGatewayID.NotFound', 'transitGateway ID'));
  return { TransitGateways: [] };
};

export const DescribeVpcEndpointConnectionNotifications: Operation<
  'DescribeVpcEndpointConnectionNotifications'
> = () => ({ ConnectionNotificationSet: [] });

export const DescribeVpcEndpointConnections: Operation<'DescribeVpcEndpointConnections'> = () => {
  return { VpcEndpointConnections: [] };
};

export const DescribeVpcEndpointServiceConfigurations: Operation<
  'DescribeVpcEndpointServiceConfigurations'
> = (_ec2, input) => {
  refuseIds(input.ServiceIds, naming('InvalidVpcEndpointServiceId.NotFound', 'VpcEndpointService Id'));
  return { ServiceConfigurations: [] };
};

export const DescribeVpcPeeringConnections: Operation<'DescribeVpcPeeringConnections'> = (_ec2, input) => {
  refuseIds(
    input.VpcPeeringConnectionIds,
    naming(
      'InvalidVpcPeeringConnectionID.NotFound',
      'vpcPeeringConnection ID',
      'pcx',
      'InvalidVpcPeeringConnectionId.Malformed',
    ),
  );
  return { VpcPeeringConnections: [] };
};

export const DescribeVpnConnections: Operation<'DescribeVpnConnections'> = (_ec2, input) => {
  refuseIds(input.VpnConnectionIds, naming('InvalidVpnConnectionID.NotFound', 'vpnConnection ID'));
  return { VpnConnections: [] };
};

export const DescribeVpnGateways: Operation<'DescribeVpnGateways'> = (_ec2, input) => {
  refuseIds(input.VpnGatewayIds, naming('InvalidVpnGatewayID.NotFound', 'vpnGateway ID'));
  return { VpnGateways: [] };
};
