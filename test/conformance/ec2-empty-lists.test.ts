// Lists of EC2 of which there can be nothing here: empty when everything is asked for, and without what is asked for by
// its id. Inventory scripts, Terraform's data sources and the console ask for them.
//
// The codes are those of EC2's list of error codes.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { EC2 } from '@aws-sdk/client-ec2';
import { refuses, type ServedEc2, serveEc2 } from '../support/ec2.ts';

let served: ServedEc2;
let client: EC2;

before(async () => {
  served = await serveEc2();
  client = served.client;
});
after(() => served?.stop());

const HEX = '0123456789abcdef0';

/** The operation, the member of its answer, and how one that there is not is asked for. */
const LISTS: [operation: keyof EC2, list: string, absent?: [input: object, code: string]][] = [
  ['describeBundleTasks', 'BundleTasks'],
  [
    'describeCarrierGateways',
    'CarrierGateways',
    [{ CarrierGatewayIds: [`cagw-${HEX}`] }, 'InvalidCarrierGatewayID.NotFound'],
  ],
  [
    'describeClientVpnEndpoints',
    'ClientVpnEndpoints',
    [{ ClientVpnEndpointIds: [`cvpn-endpoint-${HEX}`] }, 'InvalidClientVpnEndpointId.NotFound'],
  ],
  ['describeConversionTasks', 'ConversionTasks'],
  ['describeExportTasks', 'ExportTasks'],
  ['describeFleets', 'Fleets', [{ FleetIds: [`fleet-${HEX}`] }, 'InvalidFleetId.NotFound']],
  ['describeHosts', 'Hosts', [{ HostIds: [`h-${HEX}`] }, 'InvalidHostID.NotFound']],
  ['describeImportImageTasks', 'ImportImageTasks'],
  ['describeImportSnapshotTasks', 'ImportSnapshotTasks'],
  ['describeInstanceEventWindows', 'InstanceEventWindows'],
  ['describeIpamPools', 'IpamPools', [{ IpamPoolIds: [`ipam-pool-${HEX}`] }, 'InvalidIpamPoolId.NotFound']],
  [
    'describeIpamScopes',
    'IpamScopes',
    [{ IpamScopeIds: [`ipam-scope-${HEX}`] }, 'InvalidIpamScopeId.NotFound'],
  ],
  ['describeIpv6Pools', 'Ipv6Pools', [{ PoolIds: [`ipv6pool-ec2-${HEX}`] }, 'InvalidPoolID.NotFound']],
  ['describeLocalGateways', 'LocalGateways'],
  ['describeMovingAddresses', 'MovingAddressStatuses'],
  [
    'describeNetworkInsightsAnalyses',
    'NetworkInsightsAnalyses',
    [{ NetworkInsightsAnalysisIds: [`nia-${HEX}`] }, 'InvalidNetworkInsightsAnalysisId.NotFound'],
  ],
  [
    'describeNetworkInsightsPaths',
    'NetworkInsightsPaths',
    [{ NetworkInsightsPathIds: [`nip-${HEX}`] }, 'InvalidNetworkInsightsPathId.NotFound'],
  ],
  ['describeNetworkInterfacePermissions', 'NetworkInterfacePermissions'],
  [
    'describePublicIpv4Pools',
    'PublicIpv4Pools',
    [{ PoolIds: [`ipv4pool-ec2-${HEX}`] }, 'InvalidPublicIpv4PoolID.NotFound'],
  ],
  ['describeScheduledInstances', 'ScheduledInstanceSet'],
  ['describeSecurityGroupVpcAssociations', 'SecurityGroupVpcAssociations'],
  [
    'describeSpotFleetRequests',
    'SpotFleetRequestConfigs',
    [{ SpotFleetRequestIds: [`sfr-${HEX}`] }, 'InvalidSpotFleetRequestId.NotFound'],
  ],
  ['describeTrafficMirrorFilters', 'TrafficMirrorFilters'],
  ['describeTrafficMirrorSessions', 'TrafficMirrorSessions'],
  ['describeTrafficMirrorTargets', 'TrafficMirrorTargets'],
  [
    'describeTransitGatewayAttachments',
    'TransitGatewayAttachments',
    [{ TransitGatewayAttachmentIds: [`tgw-attach-${HEX}`] }, 'InvalidTransitGatewayAttachmentID.NotFound'],
  ],
  [
    'describeTransitGatewayRouteTables',
    'TransitGatewayRouteTables',
    [{ TransitGatewayRouteTableIds: [`tgw-rtb-${HEX}`] }, 'InvalidRouteTableID.NotFound'],
  ],
  [
    'describeVolumesModifications',
    'VolumesModifications',
    [{ VolumeIds: [`vol-${HEX}`] }, 'InvalidVolumeModification.NotFound'],
  ],
  ['describeVpcEndpointConnectionNotifications', 'ConnectionNotificationSet'],
  [
    'describeVpcEndpointServiceConfigurations',
    'ServiceConfigurations',
    [{ ServiceIds: [`vpce-svc-${HEX}`] }, 'InvalidVpcEndpointServiceId.NotFound'],
  ],
];

const ask = (operation: keyof EC2, input: object): Promise<Record<string, unknown>> =>
  (client[operation] as (input: object) => Promise<Record<string, unknown>>).call(client, input);

for (const [operation, list, absent] of LISTS) {
  it(`${operation} lists none`, async () => {
    const answer = await ask(operation, {});
    assert.deepEqual([answer[list], answer.NextToken], [[], undefined]);
    if (absent) await refuses(ask(operation, absent[0]), absent[1]);
  });
}
