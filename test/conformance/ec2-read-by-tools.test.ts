// What Terraform's provider, the CDK's look-ups and Pulumi ask of EC2 beside what they have made: each is answered.
//
// Which calls these are is known from the provider's source (internal/service/ec2, April 2024 and since) and from the
// CDK's context providers and custom resource handlers.

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

const ABSENT = '0123456789abcdef0';

it('lists of what nobody can make are empty', async () => {
  const inVpc = [{ Name: 'attachment.vpc-id', Values: [`vpc-${ABSENT}`] }];
  const answers: [unknown[] | undefined, string][] = [
    [(await client.describeVpnGateways({ Filters: inVpc })).VpnGateways, 'VPN gateways'],
    [(await client.describeVpcPeeringConnections({})).VpcPeeringConnections, 'peering connections'],
    [(await client.describeFlowLogs({})).FlowLogs, 'flow logs'],
    [(await client.describeKeyPairs({})).KeyPairs, 'key pairs'],
    [(await client.describeLaunchTemplates({})).LaunchTemplates, 'launch templates'],
    [
      (await client.describeEgressOnlyInternetGateways({})).EgressOnlyInternetGateways,
      'egress-only gateways',
    ],
    [(await client.describeTransitGateways({})).TransitGateways, 'transit gateways'],
    [(await client.describeTransitGatewayVpcAttachments({})).TransitGatewayVpcAttachments, 'attachments'],
    [(await client.describeCustomerGateways({})).CustomerGateways, 'customer gateways'],
    [(await client.describeVpnConnections({})).VpnConnections, 'VPN connections'],
    [(await client.describeSnapshots({ OwnerIds: ['self'] })).Snapshots, 'snapshots'],
    [(await client.describePlacementGroups({})).PlacementGroups, 'placement groups'],
    [(await client.describeSpotInstanceRequests({})).SpotInstanceRequests, 'spot requests'],
    [(await client.describeReservedInstances({})).ReservedInstances, 'reserved instances'],
    [(await client.describeVpcEndpointConnections({})).VpcEndpointConnections, 'endpoint connections'],
    [(await client.describeInstanceConnectEndpoints({})).InstanceConnectEndpoints, 'connect endpoints'],
    [(await client.describeAddressTransfers({})).AddressTransfers, 'address transfers'],
    [(await client.describeCapacityReservations({})).CapacityReservations, 'capacity reservations'],
    [(await client.describeIpams({})).Ipams, 'IPAMs'],
  ];
  for (const [list, what] of answers) assert.deepEqual(list, [], what);
});

it('and what is asked for by id does not exist', async () => {
  const table: [Promise<unknown>, code: string, message?: string][] = [
    [
      client.describeKeyPairs({ KeyNames: ['mine'] }),
      'InvalidKeyPair.NotFound',
      "The key pair 'mine' does not exist",
    ],
    [client.describeFlowLogs({ FlowLogIds: [`fl-${ABSENT}`] }), 'InvalidFlowLogId.NotFound'],
    [
      client.describeVpcPeeringConnections({ VpcPeeringConnectionIds: [`pcx-${ABSENT}`] }),
      'InvalidVpcPeeringConnectionID.NotFound',
      `The vpcPeeringConnection ID 'pcx-${ABSENT}' does not exist`,
    ],
    [
      client.describeVpcPeeringConnections({ VpcPeeringConnectionIds: ['pcx'] }),
      'InvalidVpcPeeringConnectionId.Malformed',
    ],
    [
      client.describeLaunchTemplates({ LaunchTemplateIds: [`lt-${ABSENT}`] }),
      'InvalidLaunchTemplateId.NotFound',
    ],
    [client.describeLaunchTemplates({ LaunchTemplateIds: ['lt'] }), 'InvalidLaunchTemplateId.Malformed'],
    [
      client.describeLaunchTemplates({ LaunchTemplateNames: ['x'] }),
      'InvalidLaunchTemplateName.NotFoundException',
    ],
    [client.describeVpnGateways({ VpnGatewayIds: [`vgw-${ABSENT}`] }), 'InvalidVpnGatewayID.NotFound'],
    [
      client.describeTransitGateways({ TransitGatewayIds: [`tgw-${ABSENT}`] }),
      'InvalidTransitGatewayID.NotFound',
    ],
    [client.describeSnapshots({ SnapshotIds: [`snap-${ABSENT}`] }), 'InvalidSnapshot.NotFound'],
  ];
  for (const [work, code, message] of table) await refuses(work, code, message);
});

it('a VPC has no ClassicLink, and its groups are named by no peer', async () => {
  const VpcId = (await client.describeVpcs({})).Vpcs![0]!.VpcId!;
  const { Vpcs } = await client.describeVpcClassicLink({ VpcIds: [VpcId] });
  assert.deepEqual(Vpcs, [{ VpcId, ClassicLinkEnabled: false, Tags: [] }]);
  const dns = await client.describeVpcClassicLinkDnsSupport({ VpcIds: [VpcId] });
  assert.deepEqual(dns.Vpcs, [{ VpcId, ClassicLinkDnsSupported: false }]);
  await refuses(client.describeVpcClassicLink({ VpcIds: [`vpc-${ABSENT}`] }), 'InvalidVpcID.NotFound');
  const { SecurityGroups } = await client.describeSecurityGroups({});
  const GroupId = [SecurityGroups![0]!.GroupId!];
  assert.deepEqual((await client.describeSecurityGroupReferences({ GroupId })).SecurityGroupReferenceSet, []);
  assert.deepEqual((await client.describeStaleSecurityGroups({ VpcId })).StaleSecurityGroupSet, []);
  const ofVpc = await client.getSecurityGroupsForVpc({ VpcId });
  assert.deepEqual(
    ofVpc.SecurityGroupForVpcs!.map((group) => [group.GroupName, group.PrimaryVpcId]),
    [['default', VpcId]],
  );
  const unknown = [`sg-${ABSENT}`];
  await refuses(client.describeSecurityGroupReferences({ GroupId: unknown }), 'InvalidGroup.NotFound');
});

it('AWS’s prefix lists have entries', async () => {
  const { PrefixLists } = await client.describeManagedPrefixLists({
    Filters: [{ Name: 'prefix-list-name', Values: ['com.amazonaws.us-east-1.s3'] }],
  });
  const PrefixListId = PrefixLists![0]!.PrefixListId!;
  const { Entries } = await client.getManagedPrefixListEntries({ PrefixListId });
  assert.ok(Entries!.some((entry) => entry.Cidr === '52.216.0.0/15'));
  await refuses(
    client.getManagedPrefixListEntries({ PrefixListId: `pl-${ABSENT}` }),
    'InvalidPrefixListID.NotFound',
  );
});

it('addresses have no reverse names', async () => {
  const { AllocationId, PublicIp } = await client.allocateAddress({});
  const ask = () =>
    client.describeAddressesAttribute({ AllocationIds: [AllocationId!], Attribute: 'domain-name' });
  assert.deepEqual((await ask()).Addresses, [{ AllocationId, PublicIp }]);
  await client.releaseAddress({ AllocationId });
  await refuses(ask(), 'InvalidAllocationID.NotFound');
});

it('instance types can be had in every zone', async () => {
  const { InstanceTypeOfferings } = await client.describeInstanceTypeOfferings({
    LocationType: 'availability-zone',
    Filters: [{ Name: 'instance-type', Values: ['t3.micro'] }],
  });
  const { AvailabilityZones } = await client.describeAvailabilityZones({});
  assert.deepEqual(
    InstanceTypeOfferings!.map((one) => one.Location),
    AvailabilityZones!.map((zone) => zone.ZoneName),
  );
});

it('settings of the region are those that AWS begins with', async () => {
  assert.equal((await client.getEbsEncryptionByDefault({})).EbsEncryptionByDefault, false);
  assert.equal((await client.getSerialConsoleAccessStatus({})).SerialConsoleAccessEnabled, false);
  assert.deepEqual((await client.getInstanceMetadataDefaults({})).AccountLevel, {});
  const credits = await client.getDefaultCreditSpecification({ InstanceFamily: 't3' });
  assert.equal(credits.InstanceFamilyCreditSpecification!.CpuCredits, 'unlimited');
});
