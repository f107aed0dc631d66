// EC2 as its own clients see it: the SDK for JavaScript and the AWS CLI, over HTTP.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  EC2Client,
  paginateDescribeSubnets,
  waitUntilSubnetAvailable,
} from '@aws-sdk/client-ec2';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createEc2 } from '../../src/services/ec2/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { AWS_CLI, awsEnvironment, run, WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';

let store: Store;
let server: WireServer;
let client: EC2Client;

before(async () => {
  store = openStore(':memory:');
  const services = [createEc2({ store, clock: systemClock })];
  server = await startWireServer({ services, port: 0, defaultRegion: 'us-east-1', log: silentLog });
  client = new EC2Client({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

after(async () => {
  client?.destroy();
  await server?.stop();
  store?.close();
});

const faultOf = (code: string, message: string) => (error: Error) => {
  assert.deepEqual([error.name, error.message], [code, message]);
  return true;
};

describe('EC2 through the SDK', () => {
  it('shows the default network', async () => {
    const { Vpcs } = await client.send(new DescribeVpcsCommand({}));
    const vpc = Vpcs?.[0];
    assert.deepEqual([vpc?.CidrBlock, vpc?.IsDefault, vpc?.OwnerId], ['172.31.0.0/16', true, '000000000000']);
    const inVpc = [{ Name: 'vpc-id', Values: [vpc!.VpcId!] }];
    const { SecurityGroups } = await client.send(new DescribeSecurityGroupsCommand({ Filters: inVpc }));
    assert.equal(SecurityGroups?.[0]?.GroupName, 'default');
    assert.deepEqual(SecurityGroups?.[0]?.IpPermissionsEgress?.[0]?.IpRanges, [{ CidrIp: '0.0.0.0/0' }]);
    const { RouteTables } = await client.send(new DescribeRouteTablesCommand({ Filters: inVpc }));
    assert.equal(RouteTables?.[0]?.Associations?.[0]?.Main, true);
    const { InternetGateways } = await client.send(new DescribeInternetGatewaysCommand({}));
    assert.equal(RouteTables?.[0]?.Routes?.[1]?.GatewayId, InternetGateways?.[0]?.InternetGatewayId);
    const attribute = await client.send(
      new DescribeVpcAttributeCommand({ VpcId: vpc!.VpcId, Attribute: 'enableDnsHostnames' }),
    );
    assert.equal(attribute.EnableDnsHostnames?.Value, true);
  });

  it('has a subnet in each zone, and pages them', async () => {
    const zones: (string | undefined)[] = [];
    for await (const page of paginateDescribeSubnets({ client, pageSize: 5 }, {})) {
      zones.push(...(page.Subnets ?? []).map((subnet) => subnet.AvailabilityZone));
    }
    const { AvailabilityZones } = await client.send(new DescribeAvailabilityZonesCommand({}));
    assert.deepEqual(
      zones,
      AvailabilityZones?.map((zone) => zone.ZoneName),
    );
    assert.equal(zones.length, 6);
  });

  it('filters by tag and satisfies a waiter', async () => {
    const { Subnets } = await client.send(new DescribeSubnetsCommand({}));
    const id = Subnets![2]!.SubnetId!;
    await client.send(
      new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'tier', Value: 'cache <1> & ü' }] }),
    );
    const tagged = await client.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: 'tag:tier', Values: ['cache*ü'] }] }),
    );
    assert.deepEqual(
      tagged.Subnets?.map((subnet) => [subnet.SubnetId, subnet.Tags]),
      [[id, [{ Key: 'tier', Value: 'cache <1> & ü' }]]],
    );
    const { state } = await waitUntilSubnetAvailable({ client, maxWaitTime: 120 }, { SubnetIds: [id] });
    assert.equal(state, 'SUCCESS');
  });

  it('answers in the words of AWS what it refuses', async () => {
    await assert.rejects(
      client.send(new DescribeSubnetsCommand({ SubnetIds: ['subnet-0123456789abcdef0'] })),
      faultOf('InvalidSubnetID.NotFound', "The subnet ID 'subnet-0123456789abcdef0' does not exist"),
    );
    await assert.rejects(
      client.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-0123456789abcdef0'] })),
      faultOf('InvalidGroup.NotFound', "The security group 'sg-0123456789abcdef0' does not exist"),
    );
    await assert.rejects(
      client.send(new DescribeVpcsCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })),
      faultOf('InvalidParameterValue', "The filter 'colour' is invalid"),
    );
    await assert.rejects(client.send(new DescribeVpcsCommand({ DryRun: true })), { name: 'DryRunOperation' });
  });

  it('says of an operation that it does not have which one that is', async () => {
    const command = new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 });
    await assert.rejects(client.send(command), /CreateVolume/);
  });
});

describe('EC2 through the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  const ec2 = async (region: string, ...args: string[]): Promise<string> => {
    const words = ['--endpoint-url', server.url, '--output', 'text', 'ec2', ...args];
    const { code, stdout, stderr } = await run(AWS_CLI, words, awsEnvironment(server.url, region));
    assert.equal(code, 0, stderr);
    return stdout.trim();
  };

  it('describes subnets, zones and regions', async () => {
    const query = ['--query', 'Subnets[].[AvailabilityZone,AvailabilityZoneId,CidrBlock]'];
    assert.equal(
      await ec2(
        'ap-northeast-1',
        'describe-subnets',
        '--filters',
        'Name=default-for-az,Values=true',
        ...query,
      ),
      'ap-northeast-1a\tapne1-az4\t172.31.0.0/20\n' +
        'ap-northeast-1c\tapne1-az1\t172.31.16.0/20\n' +
        'ap-northeast-1d\tapne1-az2\t172.31.32.0/20',
    );
    assert.equal(
      await ec2('ap-northeast-1', 'describe-availability-zones', '--query', 'AvailabilityZones[].ZoneName'),
      'ap-northeast-1a\tap-northeast-1c\tap-northeast-1d',
    );
    assert.match(
      await ec2('us-west-2', 'describe-regions', '--query', 'Regions[].RegionName'),
      /\beu-north-1\b/,
    );
  });

  it('prints the error of an id that does not exist', async () => {
    await assert.rejects(
      ec2('us-east-1', 'describe-vpcs', '--vpc-ids', 'vpc-0123456789abcdef0'),
      /\(InvalidVpcID\.NotFound\) when calling the DescribeVpcs operation: The vpc ID 'vpc-0123456789abcdef0' does not exist/,
    );
  });
});
