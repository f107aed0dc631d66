// Drives EC2's resource types as CloudFormation does, with every step done twice, as after a crash.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as SsmSdk from '@aws-sdk/client-ssm';
import { machineImagesOf } from '../../aws/machine-images.ts';
import type { Properties, ResourceRequest, ResourceState } from '../../control/resource-type.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import { createSsm } from '../ssm/service.ts';
import { ec2ResourceTypes } from './cloudformation.ts';
import type { Sdk } from './sdk.ts';
import { createEc2 } from './service.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const TOKEN = (logicalId: string) => `TOKEN${logicalId}`.slice(0, 12);

function openStack() {
  const service = createEc2({ store: openStore(':memory:'), clock: { now: () => 0 } });
  const ec2 = createClient<Sdk>('ec2', { inProcess: service });
  const ssm = createClient<typeof SsmSdk>('ssm', {
    inProcess: createSsm({ store: openStore(':memory:'), clock: { now: () => 0 }, secret: 'secret' }),
  });
  const types = new Map(
    ec2ResourceTypes(ec2, { ssm }).map((type) => [type.name.replace('AWS::EC2::', ''), type]),
  );
  const requestOf = (logicalId: string, properties: Properties): ResourceRequest => ({
    scope: SCOPE,
    stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/demo/1',
    stackName: 'demo',
    logicalId,
    resourceType: '',
    properties,
    tags: { stack: 'demo' },
    token: TOKEN(logicalId),
    isRetry: false,
    signal: new AbortController().signal,
  });
  const made: (() => Promise<void>)[] = [];
  return {
    ...{ ec2, ssm },
    async make(typeName: string, logicalId: string, properties: Properties = {}): Promise<ResourceState> {
      const type = types.get(typeName)!;
      const request = requestOf(logicalId, properties);
      const state = await type.create(request);
      const again = await type.create({ ...request, isRetry: true });
      // A retry replaces the rule, which can only be identified by its contents.
      if (typeName !== 'SecurityGroupIngress') assert.deepEqual(again, state, typeName);
      made.push(async () => {
        await type.delete({ ...request, physicalId: again.physicalId });
        await type.delete({ ...request, physicalId: again.physicalId });
      });
      return again;
    },
    update(
      typeName: string,
      logicalId: string,
      physicalId: string,
      before: Properties,
      properties: Properties,
    ) {
      return types.get(typeName)!.update!({ ...requestOf(logicalId, properties), physicalId, before });
    },
    async deleteAll(): Promise<void> {
      for (const undo of made.toReversed()) await undo();
    },
  };
}

test('a network with an instance is created, changed and deleted', async () => {
  const stack = openStack();
  const { make, ec2 } = stack;
  const vpc = await make('VPC', 'Vpc', { CidrBlock: '10.0.0.0/16', EnableDnsHostnames: 'true' });
  assert.deepEqual(Object.keys(vpc.attributes).sort(), [
    'CidrBlock',
    'CidrBlockAssociations',
    'DefaultNetworkAcl',
    'DefaultSecurityGroup',
    'Ipv6CidrBlocks',
    'VpcId',
  ]);
  assert.match(String(vpc.attributes.DefaultSecurityGroup), /^sg-/);
  const VpcId = vpc.physicalId;
  const subnet = await make('Subnet', 'Subnet', {
    VpcId,
    CidrBlock: '10.0.1.0/24',
    AvailabilityZone: 'us-east-1d',
    MapPublicIpOnLaunch: true,
  });
  assert.equal(subnet.attributes.AvailabilityZone, 'us-east-1d');
  const gateway = await make('InternetGateway', 'Igw');
  await make('VPCGatewayAttachment', 'Attach', { VpcId, InternetGatewayId: gateway.physicalId });
  const table = await make('RouteTable', 'Table', { VpcId });
  const RouteTableId = table.physicalId;
  const route = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway.physicalId };
  assert.equal((await make('Route', 'Route', route)).physicalId, `${RouteTableId}|0.0.0.0/0`);
  await make('SubnetRouteTableAssociation', 'Use', { RouteTableId, SubnetId: subnet.physicalId });
  const address = await make('EIP', 'Eip', { Domain: 'vpc' });
  const nat = await make('NatGateway', 'Nat', {
    SubnetId: subnet.physicalId,
    AllocationId: address.attributes.AllocationId!,
  });
  const natRoute = { ...route, GatewayId: null, NatGatewayId: nat.physicalId };
  await stack.update('Route', 'Route', '', route, natRoute);
  await make('VPCEndpoint', 'S3', {
    VpcId,
    ServiceName: 'com.amazonaws.us-east-1.s3',
    RouteTableIds: [RouteTableId],
    PolicyDocument: { Version: '2012-10-17', Statement: [] },
  });
  const web = await make('SecurityGroup', 'Web', { VpcId, GroupDescription: 'web' });
  const rule = { IpProtocol: 'tcp', FromPort: '6379', ToPort: '6379', SourceSecurityGroupId: web.physicalId };
  const before = { VpcId, GroupDescription: 'cache', SecurityGroupIngress: [rule] };
  const cache = await make('SecurityGroup', 'Cache', before);
  const cidrRule = { ...rule, SourceSecurityGroupId: null, CidrIp: '10.0.0.0/16' };
  await stack.update('SecurityGroup', 'Cache', cache.physicalId, before, {
    ...before,
    SecurityGroupIngress: [cidrRule],
    SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '127.0.0.1/32' }],
  });
  const own = { ...rule, GroupId: cache.physicalId };
  const single = await make('SecurityGroupIngress', 'Rule', own);
  await stack.update('SecurityGroupIngress', 'Rule', single.physicalId, own, { ...own, Description: 'said' });
  const { SecurityGroups } = await ec2.call(
    'DescribeSecurityGroups',
    { GroupIds: [cache.physicalId] },
    SCOPE,
  );
  assert.match(SecurityGroups![0]!.GroupName!, /^demo-Cache-TOKENCache$/);
  assert.deepEqual(SecurityGroups![0]!.IpPermissionsEgress![0]!.IpRanges, [{ CidrIp: '127.0.0.1/32' }]);
  assert.deepEqual(SecurityGroups![0]!.IpPermissions![0]!.IpRanges, [{ CidrIp: '10.0.0.0/16' }]);
  assert.equal(SecurityGroups![0]!.IpPermissions![0]!.UserIdGroupPairs![0]!.Description, 'said');
  const first = {
    ImageId: machineImagesOf('us-east-1')[0]!.imageId,
    InstanceType: 't3.micro',
    IamInstanceProfile: 'profile',
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnet.physicalId, GroupSet: [web.physicalId] }],
    UserData: Buffer.from('one').toString('base64'),
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: '20', VolumeType: 'gp3' } }],
    CreditSpecification: { CPUCredits: 'standard' },
    MetadataOptions: { HttpTokens: 'optional' },
    Tags: [{ Key: 'Name', Value: 'bastion' }],
  };
  const instance = await make('Instance', 'Instance', first);
  assert.match(
    String(instance.attributes.PublicDnsName),
    /^ec2-198-1[89]-\d+-\d+\.compute-1\.amazonaws\.com$/,
  );
  assert.match(String(instance.attributes.PrivateIp), /^10\.0\.1\./);
  const second = {
    ...first,
    InstanceType: 't3.small',
    Monitoring: true,
    IamInstanceProfile: 'other',
    UserData: Buffer.from('two').toString('base64'),
    CreditSpecification: { CPUCredits: 'unlimited' },
    MetadataOptions: { HttpTokens: 'required' },
    InstanceInitiatedShutdownBehavior: 'terminate',
    Tags: [],
  };
  const changed = await stack.update('Instance', 'Instance', instance.physicalId, first, second);
  assert.equal(changed.attributes['State.Name'], 'running');
  assert.equal(changed.attributes.PrivateIp, instance.attributes.PrivateIp);
  const { Reservations } = await ec2.call('DescribeInstances', { InstanceIds: [instance.physicalId] }, SCOPE);
  assert.match(Reservations![0]!.Instances![0]!.IamInstanceProfile!.Arn!, /instance-profile\/other$/);
  assert.deepEqual(Reservations![0]!.Instances![0]!.Tags, [{ Key: 'stack', Value: 'demo' }]);
  assert.equal(Reservations![0]!.Instances![0]!.MetadataOptions!.HttpTokens, 'required');
  const InstanceIds = [instance.physicalId];
  const { Volumes } = await ec2.call(
    'DescribeVolumes',
    { Filters: [{ Name: 'attachment.instance-id', Values: InstanceIds }] },
    SCOPE,
  );
  assert.deepEqual(
    Volumes!.map((one) => one.Size),
    [20],
  );
  const credits = await ec2.call('DescribeInstanceCreditSpecifications', { InstanceIds }, SCOPE);
  assert.equal(credits.InstanceCreditSpecifications![0]!.CpuCredits, 'unlimited');
  await stack.deleteAll();
  const { Vpcs } = await ec2.call('DescribeVpcs', {}, SCOPE);
  assert.deepEqual(
    Vpcs!.map((one) => one.IsDefault),
    [true],
  );
});

test('a resource whose creation fails halfway reports its physical id', async () => {
  const { make } = openStack();
  const vpc = await make('VPC', 'Vpc', { CidrBlock: '10.0.0.0/16' });
  const bad = make('SecurityGroup', 'Bad', {
    VpcId: vpc.physicalId,
    GroupDescription: 'bad',
    SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 1, CidrIp: 'nowhere' }],
  });
  await assert.rejects(bad, (error: Error & { physicalId?: string }) => {
    assert.equal(error.message, 'CIDR block nowhere is malformed');
    assert.match(error.physicalId ?? '', /^sg-/);
    return true;
  });
});

test('a resource that was deleted is created again by the same token', async () => {
  const { make, ec2 } = openStack();
  const first = await make('VPC', 'Vpc', { CidrBlock: '10.0.0.0/16' });
  await ec2.call('DeleteVpc', { VpcId: first.physicalId }, SCOPE);
  const second = await make('VPC', 'Vpc', { CidrBlock: '10.0.0.0/16' });
  assert.notEqual(second.physicalId, first.physicalId);
});

test('a key pair and a launch template are created, and an instance uses both', async () => {
  const stack = openStack();
  const { make, ec2 } = stack;
  const PublicKeyMaterial =
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGsIHgjhnU9R9rFhiq8+o6jzTo/03WJ68pLJFuig3FE2 me';
  const key = await make('KeyPair', 'Key', { KeyName: 'mine', PublicKeyMaterial });
  assert.equal(key.physicalId, 'mine');
  assert.match(String(key.attributes.KeyPairId), /^key-/);

  const [image] = machineImagesOf(SCOPE.region);
  const data = {
    ImageId: image!.imageId,
    InstanceType: 't3.micro',
    KeyName: 'mine',
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: '3' },
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: '12', Encrypted: 'true' } }],
  };
  const before = { LaunchTemplateName: 'web', LaunchTemplateData: data };
  const template = await make('LaunchTemplate', 'Template', before);
  assert.deepEqual(template.attributes, {
    LaunchTemplateId: template.physicalId,
    DefaultVersionNumber: '1',
    LatestVersionNumber: '1',
  });
  const after = { ...before, LaunchTemplateData: { ...data, InstanceType: 't3.small' } };
  const changed = await stack.update('LaunchTemplate', 'Again', template.physicalId, before, after);
  assert.equal(changed.attributes.LatestVersionNumber, '2');
  const instance = await make('Instance', 'Web', {
    LaunchTemplate: { LaunchTemplateId: template.physicalId, Version: '2' },
  });
  const { Reservations } = await ec2.call('DescribeInstances', { InstanceIds: [instance.physicalId] }, SCOPE);
  const made = Reservations![0]!.Instances![0]!;
  assert.deepEqual(
    [made.InstanceType, made.KeyName, made.MetadataOptions?.HttpPutResponseHopLimit],
    ['t3.small', 'mine', 3],
  );
  const Filters = [{ Name: 'attachment.instance-id', Values: [instance.physicalId] }];
  const { Volumes } = await ec2.call('DescribeVolumes', { Filters }, SCOPE);
  assert.deepEqual(
    Volumes?.map(({ Size, Encrypted }) => [Size, Encrypted]),
    [[12, true]],
  );
  await stack.deleteAll();
});

test('the private key of a generated pair is in a parameter for as long as the pair is there', async () => {
  const stack = openStack();
  const { ec2, ssm } = stack;
  for (const [KeyType, form] of [
    [undefined, 'RSA'],
    ['ed25519', 'OPENSSH'],
  ] as const) {
    const pair = await stack.make('KeyPair', `Made${form}`, {
      KeyName: form,
      ...(KeyType && { KeyType }),
    });
    const Name = `/ec2/keypair/${pair.attributes.KeyPairId}`;
    const { Parameter } = await ssm.call('GetParameter', { Name, WithDecryption: true }, SCOPE);
    assert.equal(Parameter?.Type, 'SecureString');
    assert.match(Parameter!.Value!, new RegExp(`^-----BEGIN ${form} PRIVATE KEY-----\n`));
  }
  await stack.deleteAll();
  const { KeyPairs } = await ec2.call('DescribeKeyPairs', {}, SCOPE);
  assert.deepEqual(KeyPairs, []);
  const { Parameters } = await ssm.call('GetParametersByPath', { Path: '/ec2/keypair' }, SCOPE);
  assert.deepEqual(Parameters, []);
});
