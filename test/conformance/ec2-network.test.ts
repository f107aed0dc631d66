// A network from VPC to instance, made and taken down through EC2's own clients, with the rules that templates trip over.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-ec2';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createEc2 } from '../../src/services/ec2/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { AWS_CLI, awsEnvironment, run, WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';

let store: Store;
let server: WireServer;
let client: sdk.EC2;

before(async () => {
  store = openStore(':memory:');
  const services = [createEc2({ store, clock: systemClock })];
  server = await startWireServer({ services, port: 0, defaultRegion: 'us-east-1', log: silentLog });
  client = new sdk.EC2({
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

const fails = async (work: Promise<unknown>, code: string, message?: string | RegExp): Promise<void> => {
  await assert.rejects(work, (error: Error) => {
    assert.equal(error.name, code, error.message);
    if (typeof message === 'string') assert.equal(error.message, message);
    else if (message) assert.match(error.message, message);
    return true;
  });
};

const newVpc = async (CidrBlock = '10.0.0.0/16'): Promise<string> =>
  (await client.createVpc({ CidrBlock })).Vpc!.VpcId!;

const newSubnet = async (VpcId: string, CidrBlock: string, AvailabilityZone?: string): Promise<string> =>
  (await client.createSubnet({ VpcId, CidrBlock, AvailabilityZone })).Subnet!.SubnetId!;

describe('VPCs and subnets', () => {
  it('come with a security group, a main route table and a network ACL', async () => {
    const { Vpc } = await client.createVpc({
      CidrBlock: '10.7.3.1/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'mine' }] }],
    });
    assert.equal(Vpc!.CidrBlock, '10.7.0.0/16');
    assert.deepEqual(Vpc!.Tags, [{ Key: 'Name', Value: 'mine' }]);
    const Filters = [{ Name: 'vpc-id', Values: [Vpc!.VpcId!] }];
    const groups = await client.describeSecurityGroups({ Filters });
    assert.deepEqual(
      groups.SecurityGroups!.map((one) => one.GroupName),
      ['default'],
    );
    const tables = await client.describeRouteTables({ Filters });
    assert.equal(tables.RouteTables![0]!.Associations![0]!.Main, true);
    const acls = await client.describeNetworkAcls({ Filters });
    assert.equal(acls.NetworkAcls![0]!.IsDefault, true);
    await client.modifyVpcAttribute({ VpcId: Vpc!.VpcId, EnableDnsHostnames: { Value: true } });
    const attribute = await client.describeVpcAttribute({
      VpcId: Vpc!.VpcId,
      Attribute: 'enableDnsHostnames',
    });
    assert.equal(attribute.EnableDnsHostnames!.Value, true);
    await client.deleteVpc({ VpcId: Vpc!.VpcId });
    await fails(client.describeVpcs({ VpcIds: [Vpc!.VpcId!] }), 'InvalidVpcID.NotFound');
    assert.deepEqual((await client.describeSecurityGroups({ Filters })).SecurityGroups, []);
  });

  it('refuse blocks that are malformed, too large, outside or overlapping', async () => {
    await fails(
      client.createVpc({ CidrBlock: '10.0.0/16' }),
      'InvalidParameterValue',
      'Value (10.0.0/16) for parameter cidrBlock is invalid. This is not a valid CIDR block.',
    );
    await fails(
      client.createVpc({ CidrBlock: '10.0.0.0/8' }),
      'InvalidVpc.Range',
      "The CIDR '10.0.0.0/8' is invalid.",
    );
    const vpcId = await newVpc();
    const subnetId = await newSubnet(vpcId, '10.0.1.0/24', 'us-east-1a');
    await fails(
      newSubnet(vpcId, '10.0.1.128/25'),
      'InvalidSubnet.Conflict',
      "The CIDR '10.0.1.128/25' conflicts with another subnet",
    );
    await fails(newSubnet(vpcId, '10.1.0.0/24'), 'InvalidSubnet.Range', "The CIDR '10.1.0.0/24' is invalid.");
    await fails(newSubnet(vpcId, '10.0.2.0/29'), 'InvalidSubnet.Range');
    await fails(
      newSubnet(vpcId, '10.0.2.0/24', 'us-east-1z'),
      'InvalidParameterValue',
      /Subnets can currently only be created in the following availability zones: us-east-1a, us-east-1b/,
    );
    await fails(
      client.deleteVpc({ VpcId: vpcId }),
      'DependencyViolation',
      `The vpc '${vpcId}' has dependencies and cannot be deleted.`,
    );
    await client.modifySubnetAttribute({ SubnetId: subnetId, MapPublicIpOnLaunch: { Value: true } });
    const { Subnets } = await client.describeSubnets({ SubnetIds: [subnetId] });
    assert.equal(Subnets![0]!.MapPublicIpOnLaunch, true);
    assert.equal(Subnets![0]!.AvailableIpAddressCount, 251);
    await client.deleteSubnet({ SubnetId: subnetId });
    await client.deleteVpc({ VpcId: vpcId });
  });
});

describe('routes', () => {
  it('lead to gateways, and are lost in what is gone', async () => {
    const vpcId = await newVpc();
    const subnetId = await newSubnet(vpcId, '10.0.0.0/24');
    const RouteTableId = (await client.createRouteTable({ VpcId: vpcId })).RouteTable!.RouteTableId!;
    const gateway = (await client.createInternetGateway({})).InternetGateway!.InternetGatewayId!;
    const route = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway };
    await fails(client.createRoute(route), 'InvalidParameterValue', /belong to different networks/);
    await fails(
      client.detachInternetGateway({ VpcId: vpcId, InternetGatewayId: gateway }),
      'Gateway.NotAttached',
      `resource ${gateway} is not attached to network ${vpcId}`,
    );
    await client.attachInternetGateway({ VpcId: vpcId, InternetGatewayId: gateway });
    await fails(
      client.attachInternetGateway({ VpcId: vpcId, InternetGatewayId: gateway }),
      'Resource.AlreadyAssociated',
    );
    await client.createRoute(route);
    await fails(
      client.createRoute(route),
      'RouteAlreadyExists',
      'The route identified by 0.0.0.0/0 already exists.',
    );
    await fails(
      client.createRoute({ ...route, DestinationCidrBlock: '10.0.9.0/24' }),
      'InvalidParameterValue',
      /more specific than one of this VPC's CIDR blocks/,
    );
    const { AssociationId } = await client.associateRouteTable({ RouteTableId, SubnetId: subnetId });
    await fails(
      client.deleteRouteTable({ RouteTableId }),
      'DependencyViolation',
      `The routeTable '${RouteTableId}' has dependencies and cannot be deleted.`,
    );
    const other = (await client.createRouteTable({ VpcId: vpcId })).RouteTable!.RouteTableId!;
    await fails(
      client.associateRouteTable({ RouteTableId: other, SubnetId: subnetId }),
      'Resource.AlreadyAssociated',
    );
    const replaced = await client.replaceRouteTableAssociation({ AssociationId, RouteTableId: other });
    await client.disassociateRouteTable({ AssociationId: replaced.NewAssociationId });
    await client.detachInternetGateway({ VpcId: vpcId, InternetGatewayId: gateway });
    const { RouteTables } = await client.describeRouteTables({ RouteTableIds: [RouteTableId] });
    assert.deepEqual(
      RouteTables![0]!.Routes!.map((one) => [one.DestinationCidrBlock, one.State]),
      [
        ['10.0.0.0/16', 'active'],
        ['0.0.0.0/0', 'blackhole'],
      ],
    );
    await client.deleteRoute({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0' });
    await fails(
      client.deleteRoute({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0' }),
      'InvalidRoute.NotFound',
      `no route with destination-cidr-block 0.0.0.0/0 in route table ${RouteTableId}`,
    );
    await client.deleteInternetGateway({ InternetGatewayId: gateway });
    for (const id of [RouteTableId, other]) await client.deleteRouteTable({ RouteTableId: id });
    await client.deleteSubnet({ SubnetId: subnetId });
    await client.deleteVpc({ VpcId: vpcId });
  });

  it('go through NAT gateways and gateway endpoints', async () => {
    const vpcId = await newVpc();
    const subnetId = await newSubnet(vpcId, '10.0.0.0/24');
    const gateway = (await client.createInternetGateway({})).InternetGateway!.InternetGatewayId!;
    const { AllocationId, PublicIp } = await client.allocateAddress({ Domain: 'vpc' });
    await fails(client.createNatGateway({ SubnetId: subnetId, AllocationId }), 'Gateway.NotAttached');
    await client.attachInternetGateway({ VpcId: vpcId, InternetGatewayId: gateway });
    const token = { ClientToken: 'once', SubnetId: subnetId, AllocationId };
    const nat = (await client.createNatGateway(token)).NatGateway!;
    assert.equal((await client.createNatGateway(token)).NatGateway!.NatGatewayId, nat.NatGatewayId);
    assert.ok(nat.CreateTime instanceof Date);
    assert.equal(nat.NatGatewayAddresses![0]!.PublicIp, PublicIp);
    await fails(client.createNatGateway({ ...token, ClientToken: 'twice' }), 'Resource.AlreadyAssociated');
    await sdk.waitUntilNatGatewayAvailable(
      { client, maxWaitTime: 120 },
      { NatGatewayIds: [nat.NatGatewayId!] },
    );
    await fails(client.deleteSubnet({ SubnetId: subnetId }), 'DependencyViolation');
    await fails(client.releaseAddress({ AllocationId }), 'InvalidIPAddress.InUse');
    const RouteTableId = (await client.createRouteTable({ VpcId: vpcId })).RouteTable!.RouteTableId!;
    await client.createRoute({
      RouteTableId,
      DestinationCidrBlock: '0.0.0.0/0',
      NatGatewayId: nat.NatGatewayId,
    });
    const endpoint = (
      await client.createVpcEndpoint({
        VpcId: vpcId,
        ServiceName: 'com.amazonaws.us-east-1.s3',
        RouteTableIds: [RouteTableId],
      })
    ).VpcEndpoint!;
    assert.equal(endpoint.VpcEndpointType, 'Gateway');
    const lists = await client.describePrefixLists({
      Filters: [{ Name: 'prefix-list-name', Values: ['com.amazonaws.us-east-1.s3'] }],
    });
    const { RouteTables } = await client.describeRouteTables({ RouteTableIds: [RouteTableId] });
    assert.equal(
      RouteTables![0]!.Routes!.find((one) => one.GatewayId === endpoint.VpcEndpointId)
        ?.DestinationPrefixListId,
      lists.PrefixLists![0]!.PrefixListId,
    );
    const deleted = await client.deleteVpcEndpoints({
      VpcEndpointIds: [endpoint.VpcEndpointId!, 'vpce-0123456789abcdef0'],
    });
    assert.deepEqual(
      deleted.Unsuccessful!.map((one) => one.Error!.Code),
      ['InvalidVpcEndpointId.NotFound'],
    );
    await client.deleteNatGateway({ NatGatewayId: nat.NatGatewayId });
    const gone = await client.describeNatGateways({ NatGatewayIds: [nat.NatGatewayId!] });
    assert.equal(gone.NatGateways![0]!.State, 'deleted');
    await client.releaseAddress({ AllocationId });
    await client.detachInternetGateway({ VpcId: vpcId, InternetGatewayId: gateway });
    await client.deleteInternetGateway({ InternetGatewayId: gateway });
    await client.deleteRouteTable({ RouteTableId });
    await client.deleteSubnet({ SubnetId: subnetId });
    await client.deleteVpc({ VpcId: vpcId });
  });

  it('are not needed by interface endpoints', async () => {
    const vpcId = await newVpc();
    const subnetId = await newSubnet(vpcId, '10.0.0.0/24');
    const input: sdk.CreateVpcEndpointCommandInput = {
      VpcId: vpcId,
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.us-east-1.ssm',
      SubnetIds: [subnetId],
    };
    await fails(client.createVpcEndpoint(input), 'InvalidParameter', /requires both enableDnsSupport and/);
    await fails(
      client.createVpcEndpoint({ ...input, ServiceName: 'com.amazonaws.eu-west-1.ssm' }),
      'InvalidServiceName',
    );
    await client.modifyVpcAttribute({ VpcId: vpcId, EnableDnsHostnames: { Value: true } });
    const { VpcEndpoint } = await client.createVpcEndpoint(input);
    assert.match(VpcEndpoint!.DnsEntries![0]!.DnsName!, /\.ssm\.us-east-1\.vpce\.amazonaws\.com$/);
    const { NetworkInterfaces } = await client.describeNetworkInterfaces({
      NetworkInterfaceIds: VpcEndpoint!.NetworkInterfaceIds,
    });
    assert.equal(NetworkInterfaces![0]!.SubnetId, subnetId);
    assert.match(NetworkInterfaces![0]!.PrivateIpAddress!, /^10\.0\.0\./);
    await client.deleteVpcEndpoints({ VpcEndpointIds: [VpcEndpoint!.VpcEndpointId!] });
    await client.deleteSubnet({ SubnetId: subnetId });
    await client.deleteVpc({ VpcId: vpcId });
  });
});

describe('security groups', () => {
  it('have rules, each once', async () => {
    const VpcId = await newVpc();
    const make = (GroupName: string) =>
      client.createSecurityGroup({ GroupName, Description: 'a group', VpcId });
    const web = (await make('web')).GroupId!;
    const cache = (await make('cache')).GroupId!;
    await fails(
      make('web'),
      'InvalidGroup.Duplicate',
      `The security group 'web' already exists for VPC '${VpcId}'`,
    );
    await fails(make('default'), 'InvalidParameterValue');
    const permission = {
      IpProtocol: 'tcp',
      FromPort: 6379,
      ToPort: 6379,
      UserIdGroupPairs: [{ GroupId: web }],
    };
    const authorized = await client.authorizeSecurityGroupIngress({
      GroupId: cache,
      IpPermissions: [
        permission,
        { IpProtocol: '6', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.5/8' }] },
      ],
    });
    assert.deepEqual(
      authorized.SecurityGroupRules!.map((rule) => [
        rule.IpProtocol,
        rule.CidrIpv4 ?? rule.ReferencedGroupInfo?.GroupId,
      ]),
      [
        ['tcp', web],
        ['tcp', '10.0.0.0/8'],
      ],
    );
    await fails(
      client.authorizeSecurityGroupIngress({ GroupId: cache, IpPermissions: [permission] }),
      'InvalidPermission.Duplicate',
      `the specified rule "peer: ${web}, TCP, from port: 6379, to port: 6379, ALLOW" already exists`,
    );
    await fails(
      client.authorizeSecurityGroupIngress({
        GroupId: cache,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
      'InvalidParameterValue',
    );
    await fails(
      client.deleteSecurityGroup({ GroupId: web }),
      'DependencyViolation',
      `resource ${web} has a dependent object`,
    );
    await fails(
      client.revokeSecurityGroupEgress({ GroupId: cache, IpPermissions: [permission] }),
      'InvalidPermission.NotFound',
    );
    await client.revokeSecurityGroupIngress({ GroupId: cache, IpPermissions: [permission] });
    await client.revokeSecurityGroupIngress({
      GroupId: cache,
      SecurityGroupRuleIds: [authorized.SecurityGroupRules![1]!.SecurityGroupRuleId!],
    });
    const { SecurityGroups } = await client.describeSecurityGroups({ GroupIds: [cache] });
    assert.deepEqual(SecurityGroups![0]!.IpPermissions, []);
    for (const GroupId of [web, cache]) await client.deleteSecurityGroup({ GroupId });
    await client.deleteVpc({ VpcId });
  });
});

describe('instances', () => {
  it('are records with an address, user data and states', async () => {
    const vpcId = await newVpc();
    const subnetId = await newSubnet(vpcId, '10.0.4.0/24', 'us-east-1b');
    const { Images } = await client.describeImages({
      Filters: [
        { Name: 'name', Values: ['al2023-ami-2023*-kernel-6.1-*'] },
        { Name: 'architecture', Values: ['arm64'] },
      ],
    });
    const ImageId = Images![0]!.ImageId!;
    const input: sdk.RunInstancesCommandInput = {
      ImageId,
      InstanceType: 't4g.nano',
      MinCount: 1,
      MaxCount: 2,
      UserData: Buffer.from('#!/bin/bash\n').toString('base64'),
      IamInstanceProfile: { Name: 'profile' },
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, AssociatePublicIpAddress: true }],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'bastion' }] }],
    };
    await fails(
      client.runInstances({ ...input, InstanceType: 't3.nano' }),
      'InvalidParameterValue',
      /architecture/,
    );
    const { Instances } = await client.runInstances(input);
    assert.equal(Instances!.length, 2);
    const ids = Instances!.map((one) => one.InstanceId!);
    await sdk.waitUntilInstanceRunning({ client, maxWaitTime: 120 }, { InstanceIds: ids });
    const { Reservations } = await client.describeInstances({
      Filters: [{ Name: 'tag:Name', Values: ['bastion'] }],
    });
    const [one] = Reservations![0]!.Instances!;
    assert.match(one!.PrivateIpAddress!, /^10\.0\.4\.\d+$/);
    assert.equal(one!.PrivateDnsName, `ip-${one!.PrivateIpAddress!.replaceAll('.', '-')}.ec2.internal`);
    assert.equal(one!.Placement!.AvailabilityZone, 'us-east-1b');
    assert.equal(one!.PublicDnsName, '');
    assert.ok(one!.PublicIpAddress);
    const attribute = await client.describeInstanceAttribute({ InstanceId: ids[0], Attribute: 'userData' });
    assert.equal(Buffer.from(attribute.UserData!.Value!, 'base64').toString(), '#!/bin/bash\n');
    assert.equal((await client.describeInstanceStatus({ InstanceIds: ids })).InstanceStatuses!.length, 2);
    await fails(client.deleteSubnet({ SubnetId: subnetId }), 'DependencyViolation');
    await client.stopInstances({ InstanceIds: [ids[0]!] });
    await client.modifyInstanceAttribute({ InstanceId: ids[0], InstanceType: { Value: 't4g.micro' } });
    await client.startInstances({ InstanceIds: [ids[0]!] });
    const ended = await client.terminateInstances({ InstanceIds: ids });
    assert.deepEqual(
      ended.TerminatingInstances!.map((change) => [change.PreviousState!.Name, change.CurrentState!.Name]),
      [
        ['running', 'shutting-down'],
        ['running', 'shutting-down'],
      ],
    );
    await sdk.waitUntilInstanceTerminated({ client, maxWaitTime: 120 }, { InstanceIds: ids });
    await client.deleteSubnet({ SubnetId: subnetId });
    await client.deleteVpc({ VpcId: vpcId });
  });
});

describe('through the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  const ec2 = (...args: string[]) =>
    run(
      AWS_CLI,
      ['--endpoint-url', server.url, 'ec2', '--output', 'text', ...args],
      awsEnvironment(server.url),
    );

  it('makes a VPC with a tag and a group with a rule', async () => {
    const made = await ec2(
      ...['create-vpc', '--cidr-block', '10.9.0.0/16', '--query', 'Vpc.VpcId'],
      ...['--tag-specifications', 'ResourceType=vpc,Tags=[{Key=Name,Value=cli}]'],
    );
    const vpcId = made.stdout.trim();
    assert.match(vpcId, /^vpc-0[0-9a-f]{16}$/, made.stderr);
    const group = await ec2(
      'create-security-group',
      '--group-name',
      'cli',
      '--description',
      'cli',
      '--vpc-id',
      vpcId,
    );
    const groupId = /sg-\w+/.exec(group.stdout)![0];
    const rule = ['--group-id', groupId, '--protocol', 'tcp', '--port', '22', '--cidr', '0.0.0.0/0'];
    assert.equal((await ec2('authorize-security-group-ingress', ...rule)).code, 0);
    const again = await ec2('authorize-security-group-ingress', ...rule);
    assert.match(again.stderr, /InvalidPermission\.Duplicate/);
  });
});
