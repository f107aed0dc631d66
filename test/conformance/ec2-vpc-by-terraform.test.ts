// What the module terraform-aws-modules/vpc makes by default, by the calls of Terraform's provider in its order
// (internal/service/ec2, 2024 to 2026): made, read, read again for an empty plan, and destroyed. Each call is answered, and
// the second reading is the first.

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

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const by = (Name: string, ...Values: string[]) => [{ Name, Values }];
const tagged = <T extends string>(ResourceType: T, Name: string) => [
  { ResourceType, Tags: [{ Key: 'Name', Value: Name }] },
];

interface Made {
  vpc: string;
  gateway: string;
  subnets: string[];
  tables: string[];
  associations: string[];
  address: string;
  nat: string;
}

async function makeVpc(): Promise<string> {
  const { Vpc } = await client.createVpc({
    ...{ CidrBlock: '10.0.0.0/16', InstanceTenancy: 'default' },
    TagSpecifications: tagged('vpc', 'demo'),
  });
  const VpcId = Vpc!.VpcId!;
  await client.modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: true } });
  await client.modifyVpcAttribute({ VpcId, EnableDnsSupport: { Value: true } });
  return VpcId;
}

/** aws_default_network_acl, aws_default_security_group and aws_default_route_table. */
async function takeDefaults(vpc: string): Promise<void> {
  const inVpc = by('vpc-id', vpc);
  const { NetworkAcls } = await client.describeNetworkAcls({ Filters: [...by('default', 'true'), ...inVpc] });
  const { NetworkAclId, Entries } = NetworkAcls![0]!;
  for (const { RuleNumber, Egress } of Entries!) {
    if (RuleNumber! < 32_767) await client.deleteNetworkAclEntry({ NetworkAclId, RuleNumber, Egress });
  }
  for (const Egress of [true, false]) {
    const all = { NetworkAclId, Egress, Protocol: '-1', RuleAction: 'allow' as const };
    await client.createNetworkAclEntry({ ...all, RuleNumber: 100, CidrBlock: '0.0.0.0/0' });
    await client.createNetworkAclEntry({ ...all, RuleNumber: 101, Ipv6CidrBlock: '::/0' });
  }
  const named = [...by('group-name', 'default'), ...inVpc];
  const { SecurityGroups } = await client.describeSecurityGroups({ Filters: named });
  const { GroupId, IpPermissions, IpPermissionsEgress } = SecurityGroups![0]!;
  await client.revokeSecurityGroupIngress({ GroupId, IpPermissions });
  await client.revokeSecurityGroupEgress({ GroupId, IpPermissions: IpPermissionsEgress });
  const main = [...by('association.main', 'true'), ...inVpc];
  const { RouteTables } = await client.describeRouteTables({ Filters: main });
  for (const id of [NetworkAclId!, GroupId!, RouteTables![0]!.RouteTableId!]) {
    await client.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'demo-default' }] });
  }
}

async function makeSubnets(VpcId: string): Promise<string[]> {
  const subnets: string[] = [];
  for (const [place, AvailabilityZone] of ZONES.entries()) {
    for (const isPublic of [true, false]) {
      const CidrBlock = `10.0.${place + (isPublic ? 100 : 0)}.0/24`;
      const TagSpecifications = tagged('subnet', CidrBlock);
      const { Subnet } = await client.createSubnet({ VpcId, CidrBlock, AvailabilityZone, TagSpecifications });
      const SubnetId = Subnet!.SubnetId!;
      if (isPublic) await client.modifySubnetAttribute({ SubnetId, MapPublicIpOnLaunch: { Value: true } });
      subnets.push(SubnetId);
    }
  }
  return subnets;
}

async function makeAll(): Promise<Made> {
  const vpc = await makeVpc();
  await takeDefaults(vpc);
  const subnets = await makeSubnets(vpc);
  const made = await client.createInternetGateway({ TagSpecifications: tagged('internet-gateway', 'demo') });
  const gateway = made.InternetGateway!.InternetGatewayId!;
  await client.attachInternetGateway({ InternetGatewayId: gateway, VpcId: vpc });
  const tables: string[] = [];
  for (const name of ['public', 'private']) {
    const TagSpecifications = tagged('route-table', name);
    const { RouteTable } = await client.createRouteTable({ VpcId: vpc, TagSpecifications });
    tables.push(RouteTable!.RouteTableId!);
  }
  const everywhere = '0.0.0.0/0';
  await client.createRoute({
    ...{ RouteTableId: tables[0], DestinationCidrBlock: everywhere, GatewayId: gateway },
  });
  const associations: string[] = [];
  for (const [place, SubnetId] of subnets.entries()) {
    const { AssociationId } = await client.associateRouteTable({ RouteTableId: tables[place % 2], SubnetId });
    associations.push(AssociationId!);
  }
  const { AllocationId } = await client.allocateAddress({
    ...{ Domain: 'vpc', TagSpecifications: tagged('elastic-ip', 'demo') },
  });
  const { NatGateway } = await client.createNatGateway({
    ...{ AllocationId, SubnetId: subnets[0], ConnectivityType: 'public', ClientToken: 'terraform-1' },
    TagSpecifications: tagged('natgateway', 'demo'),
  });
  const nat = NatGateway!.NatGatewayId!;
  await client.createRoute({
    ...{ RouteTableId: tables[1], DestinationCidrBlock: everywhere, NatGatewayId: nat },
  });
  return { vpc, gateway, subnets, tables, associations, address: AllocationId!, nat };
}

/** Everything that the provider reads to plan. */
async function readAll(made: Made): Promise<unknown[]> {
  const seen: Promise<object>[] = [client.describeVpcs({ VpcIds: [made.vpc] })];
  for (const Attribute of [
    'enableDnsHostnames',
    'enableDnsSupport',
    'enableNetworkAddressUsageMetrics',
  ] as const)
    seen.push(client.describeVpcAttribute({ VpcId: made.vpc, Attribute }));
  const inVpc = by('vpc-id', made.vpc);
  seen.push(client.describeNetworkAcls({ Filters: [...by('default', 'true'), ...inVpc] }));
  seen.push(client.describeRouteTables({ Filters: [...by('association.main', 'true'), ...inVpc] }));
  seen.push(client.describeSecurityGroups({ Filters: [...by('group-name', 'default'), ...inVpc] }));
  for (const id of made.subnets) seen.push(client.describeSubnets({ SubnetIds: [id] }));
  for (const id of made.tables) seen.push(client.describeRouteTables({ RouteTableIds: [id] }));
  for (const id of made.associations)
    seen.push(client.describeRouteTables({ Filters: by('association.route-table-association-id', id) }));
  seen.push(client.describeInternetGateways({ InternetGatewayIds: [made.gateway] }));
  seen.push(client.describeAddresses({ AllocationIds: [made.address] }));
  seen.push(client.describeAddressesAttribute({ AllocationIds: [made.address], Attribute: 'domain-name' }));
  seen.push(client.describeNatGateways({ NatGatewayIds: [made.nat] }));
  const answers = await Promise.all(seen);
  return answers.map((answer) => ({ ...answer, $metadata: undefined }));
}

async function destroyAll(made: Made): Promise<void> {
  const DestinationCidrBlock = '0.0.0.0/0';
  for (const RouteTableId of made.tables) await client.deleteRoute({ RouteTableId, DestinationCidrBlock });
  await client.deleteNatGateway({ NatGatewayId: made.nat });
  const { NatGateways } = await client.describeNatGateways({ NatGatewayIds: [made.nat] });
  assert.equal(NatGateways?.[0]?.State, 'deleted');
  await client.releaseAddress({ AllocationId: made.address });
  for (const AssociationId of made.associations) await client.disassociateRouteTable({ AssociationId });
  for (const RouteTableId of made.tables) await client.deleteRouteTable({ RouteTableId });
  await client.detachInternetGateway({ InternetGatewayId: made.gateway, VpcId: made.vpc });
  await client.deleteInternetGateway({ InternetGatewayId: made.gateway });
  for (const SubnetId of made.subnets) {
    // Those of functions would be waited for.
    const Filters = [...by('subnet-id', SubnetId), ...by('description', 'AWS Lambda VPC ENI*')];
    const { NetworkInterfaces } = await client.describeNetworkInterfaces({ Filters });
    assert.deepEqual(NetworkInterfaces, []);
    await client.deleteSubnet({ SubnetId });
  }
  await client.deleteVpc({ VpcId: made.vpc });
}

it('is made, planned without a change, and destroyed', async () => {
  const made = await makeAll();
  const first = await readAll(made);
  assert.deepEqual(await readAll(made), first);
  const [vpc] = first as [{ Vpcs: { Tags: unknown }[] }];
  assert.deepEqual(vpc.Vpcs[0]!.Tags, [{ Key: 'Name', Value: 'demo' }]);
  await destroyAll(made);
  // By these the provider knows that they are gone.
  await refuses(client.describeVpcs({ VpcIds: [made.vpc] }), 'InvalidVpcID.NotFound');
  await refuses(client.describeSubnets({ SubnetIds: [made.subnets[0]!] }), 'InvalidSubnetID.NotFound');
  await refuses(
    client.describeRouteTables({ RouteTableIds: [made.tables[0]!] }),
    'InvalidRouteTableID.NotFound',
  );
  await refuses(
    client.describeInternetGateways({ InternetGatewayIds: [made.gateway] }),
    'InvalidInternetGatewayID.NotFound',
  );
  await refuses(client.describeAddresses({ AllocationIds: [made.address] }), 'InvalidAllocationID.NotFound');
});
