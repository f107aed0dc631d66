// Describe operations of what nobody can make here. Truthfully their lists are empty, and every id that is asked for
// does not exist. What would be refused when it is made is named in docs/parts/differences.md.

import { Fault } from '../../../wire/fault.ts';
import type { Handler, OperationName } from '../../../wire/service.ts';
import { checkPageSize, LEAST_PAGE, MOST_PAGE } from '../describe.ts';
import { malformedId } from '../faults.ts';
import type { Ec2 } from '../service.ts';

interface Nothing {
  /** The output member that lists them. */
  list: string;
  /** The least and the most that MaxResults may be; 5 and 1000 by default. */
  page?: [least: number, most: number];
  /** How they are asked for, by the input member. */
  ids?: Record<string, Naming>;
}

interface Naming {
  notFound: string;
  /** As errors speak of it, e.g. `vpnGateway ID`. */
  noun: string;
  /** Ids of another form are malformed, where that is known to be told. */
  prefix?: string;
  malformed?: string;
}

const named = (notFound: string, noun: string, prefix?: string, malformed?: string): Naming => ({
  notFound,
  noun,
  ...(prefix && malformed && { prefix, malformed }),
});

// AWS: the codes are those of EC2's list of error codes, with the spelling that Terraform's provider compares.
const NOTHING: { [N in OperationName<Ec2>]?: Nothing } = {
  DescribeAddressTransfers: {
    list: 'AddressTransfers',
    ids: { AllocationIds: named('InvalidAllocationID.NotFound', 'allocation ID') },
  },
  DescribeBundleTasks: { list: 'BundleTasks' },
  DescribeCapacityReservations: {
    page: [1, 1000],
    list: 'CapacityReservations',
    ids: {
      CapacityReservationIds: named('InvalidCapacityReservationId.NotFound', 'capacity reservation ID'),
    },
  },
  DescribeCarrierGateways: {
    list: 'CarrierGateways',
    ids: { CarrierGatewayIds: named('InvalidCarrierGatewayID.NotFound', 'carrier gateway ID') },
  },
  DescribeClientVpnEndpoints: {
    list: 'ClientVpnEndpoints',
    ids: { ClientVpnEndpointIds: named('InvalidClientVpnEndpointId.NotFound', 'Client VPN endpoint ID') },
  },
  DescribeConversionTasks: { list: 'ConversionTasks' },
  DescribeCustomerGateways: {
    list: 'CustomerGateways',
    ids: { CustomerGatewayIds: named('InvalidCustomerGatewayID.NotFound', 'customerGateway ID') },
  },
  DescribeEgressOnlyInternetGateways: {
    page: [5, 255],
    list: 'EgressOnlyInternetGateways',
    ids: { EgressOnlyInternetGatewayIds: named('InvalidGatewayID.NotFound', 'eigw ID') },
  },
  DescribeExportTasks: { list: 'ExportTasks' },
  DescribeFleets: { list: 'Fleets', ids: { FleetIds: named('InvalidFleetId.NotFound', 'fleet ID') } },
  DescribeFlowLogs: {
    list: 'FlowLogs',
    ids: { FlowLogIds: named('InvalidFlowLogId.NotFound', 'flow log ID') },
  },
  DescribeHosts: { list: 'Hosts', ids: { HostIds: named('InvalidHostID.NotFound', 'host ID') } },
  DescribeImportImageTasks: { list: 'ImportImageTasks' },
  DescribeImportSnapshotTasks: { list: 'ImportSnapshotTasks' },
  DescribeInstanceConnectEndpoints: {
    page: [1, 50],
    list: 'InstanceConnectEndpoints',
    ids: {
      InstanceConnectEndpointIds: named(
        'InvalidInstanceConnectEndpointId.NotFound',
        'instance connect endpoint ID',
      ),
    },
  },
  DescribeInstanceEventWindows: { page: [20, 500], list: 'InstanceEventWindows' },
  DescribeIpamPools: {
    list: 'IpamPools',
    ids: { IpamPoolIds: named('InvalidIpamPoolId.NotFound', 'ipam-pool ID') },
  },
  DescribeIpamScopes: {
    list: 'IpamScopes',
    ids: { IpamScopeIds: named('InvalidIpamScopeId.NotFound', 'ipam-scope ID') },
  },
  DescribeIpams: { list: 'Ipams', ids: { IpamIds: named('InvalidIpamId.NotFound', 'ipam ID') } },
  DescribeIpv6Pools: {
    page: [1, 1000],
    list: 'Ipv6Pools',
    ids: { PoolIds: named('InvalidPoolID.NotFound', 'pool ID') },
  },
  DescribeKeyPairs: {
    list: 'KeyPairs',
    ids: {
      KeyNames: named('InvalidKeyPair.NotFound', 'key pair'),
      KeyPairIds: named('InvalidKeyPair.NotFound', 'key pair ID'),
    },
  },
  DescribeLaunchTemplates: {
    page: [1, 200],
    list: 'LaunchTemplates',
    ids: {
      LaunchTemplateIds: named(
        'InvalidLaunchTemplateId.NotFound',
        'launch template ID',
        'lt',
        'InvalidLaunchTemplateId.Malformed',
      ),
      LaunchTemplateNames: named('InvalidLaunchTemplateName.NotFoundException', 'launch template name'),
    },
  },
  DescribeLocalGateways: { list: 'LocalGateways' },
  DescribeMovingAddresses: { list: 'MovingAddressStatuses' },
  DescribeNetworkInsightsAnalyses: {
    page: [1, 100],
    list: 'NetworkInsightsAnalyses',
    ids: {
      NetworkInsightsAnalysisIds: named(
        'InvalidNetworkInsightsAnalysisId.NotFound',
        'network insights analysis ID',
      ),
    },
  },
  DescribeNetworkInsightsPaths: {
    page: [1, 100],
    list: 'NetworkInsightsPaths',
    ids: {
      NetworkInsightsPathIds: named('InvalidNetworkInsightsPathId.NotFound', 'network insights path ID'),
    },
  },
  DescribeNetworkInterfacePermissions: { page: [5, 255], list: 'NetworkInterfacePermissions' },
  DescribePlacementGroups: {
    list: 'PlacementGroups',
    ids: {
      GroupIds: named('InvalidPlacementGroup.Unknown', 'Placement Group'),
      GroupNames: named('InvalidPlacementGroup.Unknown', 'Placement Group'),
    },
  },
  DescribePublicIpv4Pools: {
    page: [1, 10],
    list: 'PublicIpv4Pools',
    ids: { PoolIds: named('InvalidPublicIpv4PoolID.NotFound', 'pool ID') },
  },
  DescribeReservedInstances: { list: 'ReservedInstances' },
  DescribeScheduledInstances: { list: 'ScheduledInstanceSet' },
  DescribeSecurityGroupVpcAssociations: { list: 'SecurityGroupVpcAssociations' },
  DescribeSnapshots: {
    list: 'Snapshots',
    ids: {
      SnapshotIds: named('InvalidSnapshot.NotFound', 'snapshot', 'snap', 'InvalidSnapshotID.Malformed'),
    },
  },
  DescribeSpotFleetRequests: {
    list: 'SpotFleetRequestConfigs',
    ids: { SpotFleetRequestIds: named('InvalidSpotFleetRequestId.NotFound', 'spot fleet request ID') },
  },
  DescribeSpotInstanceRequests: {
    list: 'SpotInstanceRequests',
    ids: {
      SpotInstanceRequestIds: named('InvalidSpotInstanceRequestID.NotFound', 'spot instance request ID'),
    },
  },
  DescribeTrafficMirrorFilters: { list: 'TrafficMirrorFilters' },
  DescribeTrafficMirrorSessions: { list: 'TrafficMirrorSessions' },
  DescribeTrafficMirrorTargets: { list: 'TrafficMirrorTargets' },
  DescribeTransitGatewayAttachments: {
    list: 'TransitGatewayAttachments',
    ids: {
      TransitGatewayAttachmentIds: named(
        'InvalidTransitGatewayAttachmentID.NotFound',
        'transitGatewayAttachment ID',
      ),
    },
  },
  DescribeTransitGatewayRouteTables: {
    list: 'TransitGatewayRouteTables',
    ids: {
      TransitGatewayRouteTableIds: named('InvalidRouteTableID.NotFound', 'transitGatewayRouteTable ID'),
    },
  },
  DescribeTransitGatewayVpcAttachments: {
    list: 'TransitGatewayVpcAttachments',
    ids: {
      TransitGatewayAttachmentIds: named(
        'InvalidTransitGatewayAttachmentID.NotFound',
        'transitGatewayAttachment ID',
      ),
    },
  },
  DescribeTransitGateways: {
    list: 'TransitGateways',
    ids: { TransitGatewayIds: named('InvalidTransitGatewayID.NotFound', 'transitGateway ID') },
  },
  DescribeVolumesModifications: {
    list: 'VolumesModifications',
    ids: { VolumeIds: named('InvalidVolumeModification.NotFound', 'modification of the volume') },
  },
  DescribeVpcEndpointConnectionNotifications: { list: 'ConnectionNotificationSet' },
  DescribeVpcEndpointConnections: { list: 'VpcEndpointConnections' },
  DescribeVpcEndpointServiceConfigurations: {
    list: 'ServiceConfigurations',
    ids: {
      ServiceIds: named('InvalidVpcEndpointServiceId.NotFound', 'VpcEndpointService Id'),
    },
  },
  DescribeVpcPeeringConnections: {
    list: 'VpcPeeringConnections',
    ids: {
      VpcPeeringConnectionIds: named(
        'InvalidVpcPeeringConnectionID.NotFound',
        'vpcPeeringConnection ID',
        'pcx',
        'InvalidVpcPeeringConnectionId.Malformed',
      ),
    },
  },
  DescribeVpnConnections: {
    list: 'VpnConnections',
    ids: { VpnConnectionIds: named('InvalidVpnConnectionID.NotFound', 'vpnConnection ID') },
  },
  DescribeVpnGateways: {
    list: 'VpnGateways',
    ids: { VpnGatewayIds: named('InvalidVpnGatewayID.NotFound', 'vpnGateway ID') },
  },
};

/** By operation. */
export function describeNone(): Record<string, Handler<Record<string, unknown>, Record<string, unknown>>> {
  const handlers = Object.entries(NOTHING).map(([operation, { list, page, ids = {} }]) => {
    const [least, most] = page ?? [LEAST_PAGE, MOST_PAGE];
    const handle = (input: Record<string, unknown>) => {
      checkPageSize(input.MaxResults as number | undefined, least, most);
      for (const [parameter, naming] of Object.entries(ids)) {
        const asked = (input[parameter] as string[] | undefined) ?? [];
        if (asked.length > 0) throw noneOf(asked, naming);
      }
      return { [list]: [] };
    };
    return [operation, handle] as const;
  });
  return Object.fromEntries(handlers);
}

function noneOf(ids: readonly string[], { notFound, noun, prefix, malformed }: Naming): Fault {
  const wrong = prefix && ids.find((id) => !new RegExp(`^${prefix}-[0-9a-f]{8,17}$`).test(id));
  if (wrong !== undefined && wrong !== '' && prefix && malformed)
    return malformedId(malformed, wrong, prefix);
  return ids.length === 1
    ? new Fault(notFound, `The ${noun} '${ids[0]}' does not exist`)
    : new Fault(notFound, `The ${noun}s '${ids.join(', ')}' do not exist`);
}
