// EC2's handlers, called directly with a store in memory.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore } from '../../store/store.ts';
import type { OperationName } from '../../wire/service.ts';
import type { Input, Output, Sdk } from './sdk.ts';
import { createEc2 } from './service.ts';

type Scope = { accountId: string; region: string };
const TOKYO: Scope = { accountId: '000000000000', region: 'ap-northeast-1' };

function openEc2() {
  const store = openStore(':memory:');
  const ec2 = createEc2({ store, clock: { now: () => 0 } });
  return async <N extends OperationName<Sdk>>(
    operation: N,
    input: Input<N>,
    scope: Scope = TOKYO,
  ): Promise<Output<N>> =>
    ec2.operations[operation]!(input, {
      ...scope,
      service: 'ec2',
      operation,
      requestId: 'test',
      accessKeyId: 'test',
    });
}

test('the default network has a VPC and a /20 subnet in every zone', async () => {
  const call = openEc2();
  const [vpc, ...others] = (await call('DescribeVpcs', {})).Vpcs!;
  assert.equal(others.length, 0);
  assert.match(vpc!.VpcId!, /^vpc-[0-9a-f]{17}$/);
  assert.equal(vpc!.CidrBlock, '172.31.0.0/16');
  assert.equal(vpc!.IsDefault, true);
  const subnets = (await call('DescribeSubnets', {})).Subnets!;
  assert.deepEqual(
    subnets.map((subnet) => [subnet.AvailabilityZone, subnet.AvailabilityZoneId, subnet.CidrBlock]),
    [
      ['ap-northeast-1a', 'apne1-az4', '172.31.0.0/20'],
      ['ap-northeast-1c', 'apne1-az1', '172.31.16.0/20'],
      ['ap-northeast-1d', 'apne1-az2', '172.31.32.0/20'],
    ],
  );
  for (const subnet of subnets) {
    assert.match(subnet.SubnetId!, /^subnet-[0-9a-f]{17}$/);
    assert.equal(subnet.VpcId, vpc!.VpcId);
    assert.equal(subnet.AvailableIpAddressCount, 4091);
  }
});

test('ids of the default network are stable, and differ by account and region', async () => {
  const idsOf = async (scope?: Scope) => {
    const { Subnets } = await openEc2()('DescribeSubnets', {}, scope);
    return Subnets!.map((s) => s.SubnetId!);
  };
  assert.deepEqual(await idsOf(), await idsOf());
  const scopes = [TOKYO, { ...TOKYO, region: 'us-east-1' }, { ...TOKYO, accountId: '111111111111' }];
  const all = (await Promise.all(scopes.map(idsOf))).flat();
  assert.equal(new Set(all).size, 3 + 6 + 3);
});

test('the default VPC has a security group, a route table, a gateway and DHCP options', async () => {
  const call = openEc2();
  const vpc = (await call('DescribeVpcs', {})).Vpcs![0]!;
  const group = (await call('DescribeSecurityGroups', { GroupNames: ['default'] })).SecurityGroups![0]!;
  assert.equal(group.VpcId, vpc.VpcId);
  assert.equal(group.IpPermissions![0]!.UserIdGroupPairs![0]!.GroupId, group.GroupId);
  assert.deepEqual(group.IpPermissionsEgress![0]!.IpRanges, [{ CidrIp: '0.0.0.0/0' }]);
  const rules = (await call('DescribeSecurityGroupRules', {})).SecurityGroupRules!;
  assert.deepEqual(rules.map((rule) => rule.IsEgress).sort(), [false, true]);
  const table = await call('DescribeRouteTables', {
    Filters: [{ Name: 'association.main', Values: ['true'] }],
  });
  const gateway = (await call('DescribeInternetGateways', {})).InternetGateways![0]!;
  assert.deepEqual(gateway.Attachments, [{ VpcId: vpc.VpcId, State: 'available' }]);
  assert.deepEqual(
    table.RouteTables![0]!.Routes!.map((route) => [route.DestinationCidrBlock, route.GatewayId]),
    [
      ['172.31.0.0/16', 'local'],
      ['0.0.0.0/0', gateway.InternetGatewayId],
    ],
  );
  const [options] = (await call('DescribeDhcpOptions', { DhcpOptionsIds: [vpc.DhcpOptionsId!] }))
    .DhcpOptions!;
  assert.equal(options!.DhcpConfigurations![0]!.Values![0]!.Value, 'ap-northeast-1.compute.internal');
  assert.deepEqual((await call('DescribeNetworkInterfaces', {})).NetworkInterfaces, []);
});

test('unknown ids, names and filters are refused in AWS’s words', async () => {
  const call = openEc2();
  const absent = '0123456789abcdef0';
  const table: [() => Promise<unknown>, shape: string, message: string][] = [
    [
      () => call('DescribeSubnets', { SubnetIds: [`subnet-${absent}`] }),
      'InvalidSubnetID.NotFound',
      `The subnet ID 'subnet-${absent}' does not exist`,
    ],
    [
      () => call('DescribeSubnets', { SubnetIds: ['subnet-1', 'subnet-2'] }),
      'InvalidSubnetID.NotFound',
      "The subnet IDs 'subnet-1, subnet-2' do not exist",
    ],
    [
      () => call('DescribeVpcs', { VpcIds: ['vpc-1'] }),
      'InvalidVpcID.NotFound',
      "The vpc ID 'vpc-1' does not exist",
    ],
    [
      () => call('DescribeVpcAttribute', { VpcId: 'vpc-1', Attribute: 'enableDnsSupport' }),
      'InvalidVpcID.NotFound',
      "The vpc ID 'vpc-1' does not exist",
    ],
    [
      () => call('DescribeSecurityGroups', { GroupIds: [`sg-${absent}`] }),
      'InvalidGroup.NotFound',
      `The security group 'sg-${absent}' does not exist`,
    ],
    [
      () => call('DescribeSecurityGroups', { GroupIds: ['default'] }),
      'InvalidGroupId.Malformed',
      'Invalid id: "default" (expecting "sg-...")',
    ],
    [
      () => call('DescribeRouteTables', { RouteTableIds: [`rtb-${absent}`] }),
      'InvalidRouteTableID.NotFound',
      `The routeTable ID 'rtb-${absent}' does not exist`,
    ],
    [
      () => call('DescribeNetworkInterfaces', { NetworkInterfaceIds: [`eni-${absent}`] }),
      'InvalidNetworkInterfaceID.NotFound',
      `The networkInterface ID 'eni-${absent}' does not exist`,
    ],
    [
      () => call('DescribeAvailabilityZones', { ZoneNames: ['ap-northeast-1b'] }),
      'InvalidParameterValue',
      'Invalid availability zone: [ap-northeast-1b]',
    ],
    [
      () => call('DescribeVpcs', { Filters: [{ Name: 'colour', Values: ['red'] }] }),
      'InvalidParameterValue',
      "The filter 'colour' is invalid",
    ],
    [
      () => call('DescribeVpcs', { DryRun: true }),
      'DryRunOperation',
      'Request would have succeeded, but DryRun flag is set.',
    ],
  ];
  for (const [act, shape, message] of table) await assert.rejects(act, { shape, message });
  const name = { GroupNames: ['cache'] };
  await assert.rejects(
    () => call('DescribeSecurityGroups', name),
    /^.*'cache' does not exist in default VPC 'vpc-/,
  );
});

test('lists are paged, and invalid page sizes and tokens are refused', async () => {
  const call = openEc2();
  const virginia = { ...TOKYO, region: 'us-east-1' };
  const first = await call('DescribeSubnets', { MaxResults: 5 }, virginia);
  assert.equal(first.Subnets!.length, 5);
  const rest = await call('DescribeSubnets', { MaxResults: 5, NextToken: first.NextToken! }, virginia);
  assert.deepEqual([rest.Subnets!.length, rest.NextToken], [1, undefined]);
  assert.equal(rest.Subnets![0]!.AvailabilityZone, 'us-east-1f');
  const bad: [Input<'DescribeSubnets'>, string][] = [
    [{ MaxResults: 5, SubnetIds: ['subnet-1'] }, 'InvalidParameterCombination'],
    [{ NextToken: 'no token' }, 'InvalidNextToken'],
  ];
  for (const [input, shape] of bad) await assert.rejects(() => call('DescribeSubnets', input), { shape });
});

test('zones are filtered, and regions are those of the caller’s partition', async () => {
  const call = openEc2();
  const zones = await call('DescribeAvailabilityZones', {
    Filters: [{ Name: 'zone-id', Values: ['apne1-az[12]', '*-az2'] }],
  });
  assert.deepEqual(
    zones.AvailabilityZones!.map((zone) => zone.ZoneName),
    ['ap-northeast-1d'],
  );
  const regions = (await call('DescribeRegions', {})).Regions!;
  assert.ok(regions.length > 30 && regions.every((region) => !region.RegionName!.startsWith('cn-')));
  const china = (await call('DescribeRegions', {}, { ...TOKYO, region: 'cn-north-1' })).Regions!;
  assert.deepEqual(
    china.map((region) => region.Endpoint),
    ['ec2.cn-north-1.amazonaws.com.cn', 'ec2.cn-northwest-1.amazonaws.com.cn'],
  );
  await assert.rejects(() => call('DescribeRegions', { RegionNames: ['mars'] }), {
    shape: 'InvalidParameterValue',
  });
});

test('an account attribute names the default VPC', async () => {
  const call = openEc2();
  const { AccountAttributes } = await call('DescribeAccountAttributes', { AttributeNames: ['default-vpc'] });
  assert.deepEqual(AccountAttributes![0]!.AttributeValues, [
    { AttributeValue: (await call('DescribeVpcs', {})).Vpcs![0]!.VpcId },
  ]);
});

test('tags are created, listed, used by filters and deleted', async () => {
  const call = openEc2();
  const [subnet, other] = (await call('DescribeSubnets', {})).Subnets!;
  const Resources = [subnet!.SubnetId!];
  await call('CreateTags', { Resources, Tags: [{ Key: 'Name', Value: 'cache' }, { Key: 'tier' }] });
  await call('CreateTags', { Resources: [other!.SubnetId!], Tags: [{ Key: 'Name', Value: 'else' }] });
  const found = (await call('DescribeSubnets', { Filters: [{ Name: 'tag:Name', Values: ['ca*'] }] }))
    .Subnets!;
  assert.deepEqual(
    found.map((one) => one.SubnetId),
    Resources,
  );
  assert.deepEqual(found[0]!.Tags, [
    { Key: 'Name', Value: 'cache' },
    { Key: 'tier', Value: '' },
  ]);
  const listed = (await call('DescribeTags', { Filters: [{ Name: 'resource-id', Values: Resources }] }))
    .Tags!;
  assert.deepEqual(
    listed.map((tag) => [tag.Key, tag.ResourceType]),
    [
      ['Name', 'subnet'],
      ['tier', 'subnet'],
    ],
  );
  await call('DeleteTags', { Resources, Tags: [{ Key: 'Name', Value: 'not it' }, { Key: 'tier' }] });
  const left = (await call('DescribeSubnets', { SubnetIds: Resources })).Subnets![0]!.Tags;
  assert.deepEqual(left, [{ Key: 'Name', Value: 'cache' }]);
  await call('DeleteTags', { Resources });
  assert.equal((await call('DescribeTags', {})).Tags!.length, 1);
});

test('invalid tags are refused and change nothing', async () => {
  const call = openEc2();
  const id = (await call('DescribeVpcs', {})).Vpcs![0]!.VpcId!;
  const Tags = [{ Key: 'a', Value: 'b' }];
  const many = Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: '' }));
  const table: [Input<'CreateTags'>, string][] = [
    [{ Resources: [id, 'vpc-0123456789abcdef0'], Tags }, 'InvalidVpcID.NotFound'],
    [{ Resources: [id, 'what-1'], Tags }, 'InvalidID'],
    [{ Resources: [id], Tags: [{ Key: 'aws:mine', Value: '' }] }, 'InvalidParameterValue'],
    [{ Resources: [id], Tags: [{ Key: 'k'.repeat(129), Value: '' }] }, 'InvalidParameterValue'],
    [{ Resources: [id], Tags: [{ Key: 'k', Value: 'v'.repeat(257) }] }, 'InvalidParameterValue'],
    [{ Resources: [id], Tags: many }, 'TagLimitExceeded'],
    [{ Resources: [id], Tags: [] }, 'MissingParameter'],
  ];
  for (const [input, shape] of table) await assert.rejects(() => call('CreateTags', input), { shape });
  assert.deepEqual((await call('DescribeTags', {})).Tags, []);
});
